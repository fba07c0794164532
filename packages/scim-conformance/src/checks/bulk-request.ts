import { arrayAt, expectStatus, expectThat } from "../assertion.ts";
import type { ScimResponse } from "../http-client.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { Target } from "../target.ts";

const bulkRequestSchema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
export const bulkResponseSchema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/** The response to a bulk request, and the results in it. */
export type BulkResponse = { readonly response: ScimResponse; readonly results: readonly JsonObject[] };

/** The body of POST /Bulk (RFC 7644 section 3.7). */
export function bulkOf(operations: readonly object[], more: object = {}): object {
  return { schemas: [bulkRequestSchema], ...more, Operations: operations };
}

/** Sends a bulk request that must be taken as a whole, whatever becomes of its operations. */
export async function sendBulk(
  target: Target,
  operations: readonly object[],
  more: object = {},
): Promise<BulkResponse> {
  const response = await target.post("/Bulk", bulkOf(operations, more));
  expectStatus(response, 200);
  const results = arrayAt(response, "Operations").map((result) => {
    expectThat(response, isObject(result), "should hold results that are objects");
    return result;
  });
  return { response, results };
}

/** The result of the POST with this bulkId. */
export function resultOf({ response, results }: BulkResponse, bulkId: string): JsonObject {
  const found = results.find((result) => result["bulkId"] === bulkId);
  expectThat(response, found !== undefined, `should hold a result with the bulkId ${bulkId}`);
  return found;
}

/** The only result. */
export function onlyResult({ response, results }: BulkResponse): JsonObject {
  const [only] = results;
  expectThat(response, only !== undefined && results.length === 1, `should hold one result, not ${results.length}`);
  return only;
}

/** Expects the status of a result, which is a text in bulk. */
export function expectResult({ response }: BulkResponse, result: JsonObject, ...statuses: readonly string[]): void {
  const { status } = result;
  const holds = typeof status === "string" && statuses.includes(status);
  const told = `should hold a result with the status ${statuses.join(" or ")}, but holds ${JSON.stringify(result)}`;
  expectThat(response, holds, told);
}

/** The address of a resource that an operation made, below the base URL. */
export function pathOfResult({ response }: BulkResponse, result: JsonObject): string {
  const { location } = result;
  expectThat(response, typeof location === "string", `should give a location in ${JSON.stringify(result)}`);
  const [path] = /\/(?:Users|Groups)\/[^/]+$/.exec(location) ?? [];
  expectThat(response, path !== undefined, `should give a location that ends with a resource, not ${location}`);
  return path;
}
