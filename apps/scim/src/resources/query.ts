import { columnOf, type Order, type SqlColumns } from "@rollcall/db";
import {
  ok,
  parseFilter,
  parseProjection,
  parseSort,
  type Filter,
  type Projection,
  type QueryParameters,
  type QuirkId,
  type ResourceTypeDefinition,
  type Result,
  type ScimError,
} from "@rollcall/scim-protocol";

/** The part of a query that concerns one resource type. */
export type TypeQuery = {
  readonly filter: Filter | undefined;
  readonly order: Order;
  readonly projection: Projection;
};

/**
 * Parses the part of a query that concerns one resource type (RFC 7644 sections 3.4.2 and 3.9); `others` are the
 * further types of the query. Errors: 400 for the invalid part.
 */
export function parseTypeQuery(
  parameters: QueryParameters,
  resourceType: ResourceTypeDefinition,
  store: SqlColumns,
  quirks: Set<QuirkId>,
  others: readonly ResourceTypeDefinition[] = [],
): Result<TypeQuery, ScimError> {
  const { filter: text } = parameters;
  const filter = text === undefined ? ok(undefined) : parseFilter(text, resourceType, quirks, others);
  if (!filter.ok) return filter;
  const sort = parseSort(parameters, resourceType, others);
  if (!sort.ok) return sort;
  const projection = parseProjection(parameters, resourceType);
  if (!projection.ok) return projection;
  const order = sort.value && { column: columnOf(sort.value.path, store), isDescending: sort.value.descending };
  return ok({ filter: filter.value, order, projection: projection.value });
}

/** The text of a filter that consists of `attribute eq "text"` alone; undefined for any other filter. */
export function soughtText(filter: Filter | undefined, attribute: string): string | undefined {
  if (filter?.kind !== "comparison" || filter.operator !== "eq") return undefined;
  const isSought = filter.path.attribute.name === attribute && filter.path.subAttribute === undefined;
  return isSought && typeof filter.value === "string" ? filter.value : undefined;
}

/**
 * The canonical text of everything that must stay the same from page to page: types, filter and order. Page size and
 * projection may change.
 */
export function canonicalQuery(
  parameters: QueryParameters,
  types: readonly (readonly [ResourceTypeDefinition, TypeQuery])[],
): string {
  const orders = types.map(([{ name }, { order }]) => [name, order?.column.sql, order?.isDescending]);
  return JSON.stringify([parameters.filter?.trim(), orders]);
}
