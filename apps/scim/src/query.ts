import { columnOf, type Order, type SqlColumns } from "@rollcall/db";
import {
  ok,
  parseFilter,
  parsePaging,
  parseProjection,
  parseSort,
  type Filter,
  type Paging,
  type Projection,
  type QuirkId,
  type ResourceTypeDefinition,
  type Result,
  type ScimError,
} from "@rollcall/scim-protocol";

export type ListQuery = {
  readonly filter: Filter | undefined;
  readonly paging: Paging;
  readonly order: Order;
  readonly projection: Projection;
};

/** Reads the parameters of a list (RFC 7644 sections 3.4.2 and 3.9). Errors: 400 of the part that is wrong. */
export function parseQuery(
  query: Readonly<Record<string, string | undefined>>,
  resourceType: ResourceTypeDefinition,
  store: SqlColumns,
  quirks: Set<QuirkId> = new Set(),
): Result<ListQuery, ScimError> {
  const filter = query["filter"] === undefined ? ok(undefined) : parseFilter(query["filter"], resourceType, quirks);
  if (!filter.ok) return filter;
  const paging = parsePaging(query);
  if (!paging.ok) return paging;
  const sort = parseSort(query, resourceType);
  if (!sort.ok) return sort;
  const projection = parseProjection(query, resourceType);
  if (!projection.ok) return projection;
  const order =
    sort.value === undefined
      ? undefined
      : { column: columnOf(sort.value.path, store).sql, isDescending: sort.value.descending };
  return ok({ filter: filter.value, paging: paging.value, order, projection: projection.value });
}

/** The text that `attribute eq "text"` alone asks for; undefined for any other filter. */
export function soughtText(filter: Filter | undefined, attribute: string): string | undefined {
  if (filter?.kind !== "comparison" || filter.operator !== "eq") return undefined;
  const isSought = filter.path.attribute.name === attribute && filter.path.subAttribute === undefined;
  return isSought && typeof filter.value === "string" ? filter.value : undefined;
}
