import { errorSchema, expectMember, expectSame, expectSameSet, expectStatus, expectThat } from "../assertion.ts";
import { at } from "../json.ts";
import { checksOf, type Chapter } from "../check.ts";
import {
  bulkResponseSchema,
  expectResult,
  onlyResult,
  pathOfResult,
  resultOf,
  sendBulk,
  type BulkResponse,
} from "./bulk-request.ts";
import { add, expectShown, membersOf } from "./write-kinds.ts";
import {
  bodyOfPerson,
  createGroup,
  groupPath,
  newGroup,
  nobodysId,
  patchOf,
  pathOf,
  personPath,
  read,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.7", needs: "bulk" };

/** What becomes of the operations of a bulk request. */
export const bulkOperationsChecks = checksOf(chapter, {
  "bulk-is-a-bulk-response": {
    title: "A bulk request is 200 with a BulkResponse, with a result for each operation.",
    run: async (target) => {
      const { response, results } = await sendBulk(target, [
        { method: "POST", path: "/Groups", bulkId: "g1", data: newGroup(target) },
        { method: "PUT", path: personPath(target, 1), data: bodyOfPerson(target, 1) },
      ]);
      expectSame(response, "schemas", at(response.body, "schemas"), [bulkResponseSchema]);
      const methods = results.map(({ method }) => String(method));
      expectSameSet(response, "the methods", methods, ["POST", "PUT"]);
    },
    faults: ["a 404 for bulk", "a bulk answer with the schema of a list", "a bulk answer without its last result"],
  },
  "bulk-post": {
    title: "A POST in bulk creates: its result has its bulkId, the status 201 and the location of what it made.",
    run: async (target) => {
      const operation = { method: "POST", path: "/Groups", bulkId: "g1", data: newGroup(target) };
      const bulk = await sendBulk(target, [operation]);
      const result = resultOf(bulk, "g1");
      expectResult(bulk, result, "201");
      expectMember(await read(target, pathOfResult(bulk, result)), "displayName", `${target.cast.label}-New`);
    },
    faults: ["a 404 for bulk", "statuses that are numbers", "results without a location", "results without a bulkId"],
  },
  "bulk-put": {
    title: "A PUT in bulk replaces: its result has the status 200 and the location.",
    run: async (target) => {
      const path = personPath(target, 1);
      const operation = { method: "PUT", path, data: bodyOfPerson(target, 1, { displayName: "Another" }) };
      expectOnly(await sendBulk(target, [operation]), path, "200");
      expectShown(target, await read(target, path), { displayName: "Another" });
    },
    faults: ["a 404 for bulk", "statuses that are numbers", "results without a location"],
  },
  "bulk-patch": {
    needs: ["bulk", "patch"],
    title: "A PATCH in bulk changes: its result has the status 200 or 204 and the location.",
    run: async (target) => {
      const path = groupPath(target, 1);
      const operation = { method: "PATCH", path, data: patchOf(add("members", membersOf(target, 5))) };
      expectOnly(await sendBulk(target, [operation]), path, "200", "204");
      expectShown(target, await read(target, path), { members: [1, 2, 5] });
    },
    faults: ["a 404 for bulk", "statuses that are numbers", "results without a location"],
  },
  "bulk-delete": {
    title: "A DELETE in bulk deletes: its result has the status 204 and the location.",
    run: async (target) => {
      const path = pathOf("/Groups", await createGroup(target));
      expectOnly(await sendBulk(target, [{ method: "DELETE", path }]), path, "204");
      expectStatus(await target.get(path), 404);
    },
    faults: ["a 404 for bulk", "statuses that are numbers", "results without a location"],
  },
  "bulk-same-resource-in-order": {
    title: "Operations on one resource come to what they come to one after the other.",
    run: async (target) => {
      const renames = ["First", "Second", "Third"].map((displayName) => ({
        method: "PUT",
        path: personPath(target, 1),
        data: bodyOfPerson(target, 1, { displayName }),
      }));
      await sendBulk(target, renames);
      expectMember(await read(target, personPath(target, 1)), "displayName", "Third");
    },
    faults: ["a 404 for bulk", "bulk operations that are done from the last to the first"],
  },
  "bulk-goes-on-after-an-error": {
    title: "Without failOnErrors an operation that fails stops no other.",
    run: async (target) => {
      const bulk = await sendBulk(target, [
        { method: "POST", path: "/Groups", bulkId: "g1", data: newGroup(target, { displayName: 7 }) },
        { method: "DELETE", path: `/Groups/${nobodysId}` },
        { method: "POST", path: "/Groups", bulkId: "g2", data: newGroup(target) },
      ]);
      expectSame(bulk.response, "the number of results", bulk.results.length, 3);
      expectResult(bulk, resultOf(bulk, "g1"), "400");
      expectResult(bulk, resultOf(bulk, "g2"), "201");
    },
    faults: ["a 404 for bulk", "a bulk answer without its last result", "a bulk request that ends at its first error"],
  },
  "bulk-stops-at-fail-on-errors": {
    title: "After as many errors as failOnErrors says nothing more is done, and only what was done is told.",
    run: async (target) => {
      const remains = pathOf("/Groups", await createGroup(target));
      const operations = [
        { method: "DELETE", path: `/Groups/${nobodysId}` },
        { method: "DELETE", path: `/Users/${nobodysId}` },
        { method: "DELETE", path: remains },
      ];
      const bulk = await sendBulk(target, operations, { failOnErrors: 2 });
      expectSame(bulk.response, "the number of results", bulk.results.length, 2);
      for (const result of bulk.results) expectResult(bulk, result, "404");
      await read(target, remains);
    },
    faults: ["a 404 for bulk", "a service that does not look at failOnErrors"],
  },
  "bulk-fail-on-errors-not-reached": {
    title: "Fewer errors than failOnErrors stop nothing.",
    run: async (target) => {
      const remains = pathOf("/Groups", await createGroup(target));
      const operations = [
        { method: "DELETE", path: `/Groups/${nobodysId}` },
        { method: "DELETE", path: remains },
      ];
      const bulk = await sendBulk(target, operations, { failOnErrors: 2 });
      expectSame(bulk.response, "the number of results", bulk.results.length, 2);
      expectStatus(await target.get(remains), 404);
    },
    faults: ["a 404 for bulk", "a bulk request that ends at its first error"],
  },
  "bulk-tells-errors": {
    clause: "RFC 7644 section 3.7.3",
    title: "The result of an operation that failed has the error in response, with the same status.",
    run: async (target) => {
      const bulk = await sendBulk(target, [
        { method: "POST", path: "/Users", bulkId: "u1", data: bodyOfPerson(target, 1) },
      ]);
      const result = resultOf(bulk, "u1");
      expectResult(bulk, result, "409");
      expectSame(bulk.response, "the schemas of the error", at(result, "response.schemas"), [errorSchema]);
      expectSame(bulk.response, "the status of the error", at(result, "response.status"), "409");
      expectSame(bulk.response, "its scimType", at(result, "response.scimType"), "uniqueness");
      expectThat(bulk.response, result["location"] === undefined, "should give no location where nothing was made");
    },
    faults: [
      "a 404 for bulk",
      "statuses that are numbers",
      "results without a bulkId",
      "errors without a reason",
      "a location of what was not made",
    ],
  },
  "bulk-location-of-failed": {
    clause: "RFC 7644 section 3.7.3",
    title: "The result of a PUT, PATCH or DELETE that failed still has the location that it was for.",
    run: async (target) => {
      const path = personPath(target, 1);
      const operation = { method: "PUT", path, data: bodyOfPerson(target, 1, { active: "perhaps" }) };
      expectOnly(await sendBulk(target, [operation]), path, "400");
    },
    faults: ["a 404 for bulk", "results without a location"],
  },
  "bulk-version": {
    needs: ["bulk", "etag"],
    title:
      "An operation whose version is not the resource's is 412; with the right one it is done and tells the new version.",
    run: async (target) => {
      const stale = { path: personPath(target, 1), version: 'W/"rollcall-conformance-never"' };
      const data = bodyOfPerson(target, 1, { displayName: "Another" });
      const refused = await sendBulk(target, [{ ...stale, method: "PUT", data }]);
      expectResult(refused, onlyResult(refused), "412");
      const version = (await read(target, stale.path)).headers.get("etag") ?? "";
      const done = await sendBulk(target, [{ ...stale, method: "PUT", data, version }]);
      expectResult(done, onlyResult(done), "200");
      const now = (await read(target, stale.path)).headers.get("etag");
      expectSame(done.response, "the version of its result", onlyResult(done)["version"], now);
    },
    faults: ["a service that does not look at the version of an operation"],
  },
});

/** Expects one result, of the resource at this path and with one of these statuses. */
function expectOnly(bulk: BulkResponse, path: string, ...statuses: readonly string[]): void {
  expectResult(bulk, onlyResult(bulk), ...statuses);
  expectSame(bulk.response, "the location", pathOfResult(bulk, onlyResult(bulk)), path);
}
