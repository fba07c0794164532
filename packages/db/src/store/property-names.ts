import {
  AliasNode,
  ColumnNode,
  IdentifierNode,
  ReferenceNode,
  ReturningNode,
  SelectionNode,
  SelectQueryNode,
  type KyselyPlugin,
  type RootOperationNode,
} from "kysely";

/**
 * Names what a compiled statement returns as the model's properties, in its text, so that no row is renamed afterwards. The
 * statement lists its columns: `selectAll` throws, as the text does not know them. It orders by columns and expressions, not
 * by names of its results.
 */
export const propertyNames: KyselyPlugin = {
  transformQuery: ({ node }) => named(node),
  transformResult: async ({ result }) => result,
};

function named(node: RootOperationNode): RootOperationNode {
  if (SelectQueryNode.is(node))
    return node.selections === undefined ? node : { ...node, selections: node.selections.map(aliased) };
  if (!("returning" in node) || node.returning === undefined) return node;
  return { ...node, returning: ReturningNode.create(node.returning.selections.map(aliased)) };
}

function aliased(item: SelectionNode): SelectionNode {
  const { selection } = item;
  if (AliasNode.is(selection)) {
    const { node, alias } = selection;
    return IdentifierNode.is(alias) ? aliasOf(node, alias.name) : item;
  }
  const column = ReferenceNode.is(selection) ? selection.column : selection;
  if (!ColumnNode.is(column)) throw new Error("A compiled statement lists its columns.");
  return aliasOf(selection, column.column.name);
}

function aliasOf(node: AliasNode["node"], columnName: string): SelectionNode {
  const name = columnName.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return SelectionNode.create(AliasNode.create(node, IdentifierNode.create(name)));
}
