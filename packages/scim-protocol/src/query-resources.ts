import type { ScimResource } from "./attribute-characteristics.ts";
import { LIST_RESPONSE } from "./schema-uris.ts";

/** The answer to a query. The three numbers are integers; `Resources` is present even when empty, as Okta insists. */
export type ListResponse = {
  readonly schemas: readonly [typeof LIST_RESPONSE];
  readonly totalResults: number;
  readonly startIndex: number;
  readonly itemsPerPage: number;
  readonly Resources: readonly ScimResource[];
};

/** Wraps one page of resources. `totalResults` counts all that match, not only this page. RFC 7644 section 3.4.2. */
export function listResponse(
  resources: readonly ScimResource[],
  page: { readonly totalResults: number; readonly startIndex: number },
): ListResponse {
  return {
    schemas: [LIST_RESPONSE],
    totalResults: page.totalResults,
    startIndex: page.startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
