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
 * Renames the results of a compiled statement to the model's properties in its text, so that rows need no mapping. The
 * statement must list its columns (`selectAll` throws) and order by columns or expressions, not by result names.
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
  if (!ColumnNode.is(column)) throw new Error("A compiled statement must list its columns.");
  return aliasOf(selection, column.column.name);
}

function aliasOf(node: AliasNode["node"], columnName: string): SelectionNode {
  const name = columnName.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return SelectionNode.create(AliasNode.create(node, IdentifierNode.create(name)));
}
