import { arrayAt, expectSame, expectStatus, expectThat } from "../assertion.ts";
import type { ScimResponse } from "../http-client.ts";
import { isObject, shown, type JsonObject } from "../json.ts";
import { bulkOf } from "../request-body.ts";
import type { Target } from "../target.ts";

export const bulkResponseSchema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/** The response to a bulk request, and the results in it. */
export type BulkResponse = { readonly response: ScimResponse; readonly results: readonly JsonObject[] };

/** Creates a third group under the bulkId "g1". */
export function postGroup({ newGroup }: Target, more: JsonObject = {}): JsonObject {
  return { method: "POST", path: "/Groups", bulkId: "g1", data: newGroup(more) };
}

export function deletionOf(path: string): JsonObject {
  return { method: "DELETE", path };
}

/** Sends a bulk request; expects that it succeeds as a whole, whatever the results of its operations. */
export async function sendBulk(
  target: Target,
  operations: readonly object[],
  more: object = {},
): Promise<BulkResponse> {
  return bulkResponse(await target.post("/Bulk", bulkOf(operations, more)));
}

/** The results in a response; expects that the request succeeded as a whole. */
export function bulkResponse(response: ScimResponse): BulkResponse {
  expectStatus(response, 200);
  const results = arrayAt(response, "Operations").map((result) => {
    expectThat(response, isObject(result), "should hold results that are objects");
    return result;
  });
  return { response, results };
}

/** The result of the POST with this bulkId; expects its status. */
export function resultOf(bulk: BulkResponse, bulkId: string, ...statuses: readonly string[]): JsonObject {
  const found = bulk.results.find((result) => result["bulkId"] === bulkId);
  expectThat(bulk.response, found !== undefined, `should hold a result with the bulkId ${bulkId}`);
  expectResult(bulk, found, ...statuses);
  return found;
}

/** The only result; expects its status. */
export function onlyResult(bulk: BulkResponse, ...statuses: readonly string[]): JsonObject {
  const [only] = bulk.results;
  const isOnly = only !== undefined && bulk.results.length === 1;
  expectThat(bulk.response, isOnly, `should hold one result, not ${bulk.results.length}`);
  expectResult(bulk, only, ...statuses);
  return only;
}

/** Expects the status of a result, which is a text in bulk. */
export function expectResult({ response }: BulkResponse, result: JsonObject, ...statuses: readonly string[]): void {
  const { status } = result;
  const holds = typeof status === "string" && statuses.includes(status);
  const sentence = `should hold a result with the status ${statuses.join(" or ")}, but holds ${shown(result)}`;
  expectThat(response, holds, sentence);
}

export function expectResultCount({ response, results }: BulkResponse, count: number): void {
  expectSame(response, "the number of results", results.length, count);
}

/** The path of a resource that an operation created or changed. */
export function pathOfResult({ response }: BulkResponse, result: JsonObject): string {
  const { location } = result;
  expectThat(response, typeof location === "string", `should give a location in ${shown(result)}`);
  const [path] = /\/(?:Users|Groups)\/[^/]+$/.exec(location) ?? [];
  expectThat(response, path !== undefined, `should give a location that ends with a resource, not ${location}`);
  return path;
}
