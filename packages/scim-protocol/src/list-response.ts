import type { ScimResource } from "./schema/attribute-characteristics.ts";
import { LIST_RESPONSE } from "./schema/schema-uris.ts";

/**
 * The response to a query. The numbers are integers; `Resources` is present even when empty, as Okta requires. A page
 * by index has its start; a page by cursor has the next cursor, unless it is the last (RFC 9865 section 2).
 */
export type ListResponse = {
  readonly schemas: readonly [typeof LIST_RESPONSE];
  readonly totalResults: number;
  readonly startIndex?: number;
  readonly itemsPerPage: number;
  readonly nextCursor?: string;
  readonly Resources: readonly ScimResource[];
};

/** Wraps one page of resources. `totalResults` counts all matches, not only this page. RFC 7644 section 3.4.2. */
export function listResponse(
  resources: readonly ScimResource[],
  page: {
    readonly totalResults: number;
    readonly startIndex?: number | undefined;
    readonly nextCursor?: string | undefined;
  },
): ListResponse {
  return {
    schemas: [LIST_RESPONSE],
    totalResults: page.totalResults,
    ...(page.startIndex === undefined ? {} : { startIndex: page.startIndex }),
    itemsPerPage: resources.length,
    ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
    Resources: resources,
  };
}
