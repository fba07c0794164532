import {
  errorSchema,
  expectMember,
  expectSame,
  expectSameSet,
  expectStatus,
  expectThat,
  pathOf,
} from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import { at } from "../json.ts";
import { add, patchOf, unknownId } from "../request-body.ts";
import type { Target } from "../target.ts";
import type { FaultName } from "../testing/faults.ts";
import {
  bulkResponseSchema,
  deletionOf,
  expectResult,
  expectResultCount,
  onlyResult,
  pathOfResult,
  postGroup,
  resultOf,
  sendBulk,
  type BulkResponse,
} from "./bulk-request.ts";
import { versionOf } from "./versions.ts";
import { another, expectRead, pathOfFixture, type FixtureName, type Shown } from "./write-kinds.ts";

const changeFaults: readonly FaultName[] = [
  "a 404 for bulk",
  "statuses that are numbers",
  "results without a location",
];

const chapter: Chapter = { clause: "RFC 7644 section 3.7", needs: ["bulk"] };

/** The effects and results of the operations of a bulk request. */
export const bulkOperationsChecks = checksOf(chapter, {
  "bulk-is-a-bulk-response": check("A bulk request is 200 with a BulkResponse, with a result for each operation.")
    .run(async (target) => {
      const put = { method: "PUT", path: target.person(1).path, data: target.personBody(1) };
      const { response, results } = await sendBulk(target, [postGroup(target), put]);
      expectMember(response, "schemas", [bulkResponseSchema]);
      const methods = results.map(({ method }) => String(method));
      expectSameSet(response, "the methods", methods, ["POST", "PUT"]);
    })
    .faults("a 404 for bulk", "a bulk response with the schema of a list", "a bulk response without its last result"),
  "bulk-post": check("The result of a POST in bulk has its bulkId, the status 201 and the location of the resource.")
    .run(async (target) => {
      const bulk = await sendBulk(target, [postGroup(target)]);
      const path = pathOfResult(bulk, resultOf(bulk, "g1", "201"));
      await expectRead(target, path, { displayName: `${target.label}-New` });
    })
    .faults("a 404 for bulk", "statuses that are numbers", "results without a location", "results without a bulkId"),
  "bulk-put": check("A PUT in bulk replaces: its result has the status 200 and the location.")
    .run(changesInBulk("person 1", "PUT", ({ personBody }) => personBody(1, another), ["200"], another))
    .faults(...changeFaults),
  "bulk-patch": check("A PATCH in bulk changes: its result has the status 200 or 204 and the location.")
    .needs("bulk", "patch")
    .run(
      changesInBulk("group 1", "PATCH", ({ members }) => patchOf(add("members", members(5))), ["200", "204"], {
        members: [1, 2, 5],
      }),
    )
    .faults(...changeFaults),
  "bulk-delete": check("A DELETE in bulk deletes: its result has the status 204 and the location.")
    .run(async (target) => {
      const path = pathOf(await target.createGroup());
      expectOnly(await sendBulk(target, [deletionOf(path)]), path, "204");
      expectStatus(await target.get(path), 404);
    })
    .faults(...changeFaults),
  "bulk-same-resource-in-order": check("Operations on one resource are done in their order.")
    .run(async (target) => {
      const { path } = target.person(1);
      const names = ["First", "Second", "Third"];
      const put = (displayName: string): object => ({
        method: "PUT",
        path,
        data: target.personBody(1, { displayName }),
      });
      await sendBulk(target, names.map(put));
      await expectRead(target, path, { displayName: "Third" });
    })
    .faults("a 404 for bulk", "bulk operations that are done from the last to the first"),
  "bulk-goes-on-after-an-error": check("Without failOnErrors an operation that fails stops no other.")
    .run(async (target) => {
      const failing = [postGroup(target, { displayName: 7 }), deletionOf(`/Groups/${unknownId}`)];
      const bulk = await sendBulk(target, [...failing, { ...postGroup(target), bulkId: "g2" }]);
      expectResultCount(bulk, 3);
      resultOf(bulk, "g1", "400");
      resultOf(bulk, "g2", "201");
    })
    .faults("a 404 for bulk", "a bulk response without its last result", "a bulk request that ends at its first error"),
  "bulk-stops-at-fail-on-errors": check("After failOnErrors errors the rest is not done and has no result.")
    .run(async (target) => {
      const remains = pathOf(await target.createGroup());
      const paths = [`/Groups/${unknownId}`, `/Users/${unknownId}`, remains];
      const bulk = await sendBulk(target, paths.map(deletionOf), { failOnErrors: 2 });
      expectResultCount(bulk, 2);
      for (const result of bulk.results) expectResult(bulk, result, "404");
      await target.read(remains);
    })
    .faults("a 404 for bulk", "a service that ignores failOnErrors"),
  "bulk-fail-on-errors-not-reached": check("Fewer errors than failOnErrors stop no operation.")
    .run(async (target) => {
      const path = pathOf(await target.createGroup());
      const operations = [deletionOf(`/Groups/${unknownId}`), deletionOf(path)];
      expectResultCount(await sendBulk(target, operations, { failOnErrors: 2 }), 2);
      expectStatus(await target.get(path), 404);
    })
    .faults("a 404 for bulk", "a bulk request that ends at its first error"),
  "bulk-tells-errors": check("The result of an operation that failed has the error in response, with the same status.")
    .clause("RFC 7644 section 3.7.3")
    .run(async (target) => {
      const taken = { method: "POST", path: "/Users", bulkId: "u1", data: target.personBody(1) };
      const bulk = await sendBulk(target, [taken]);
      const result = resultOf(bulk, "u1", "409");
      expectSame(bulk.response, "the schemas of the error", at(result, "response.schemas"), [errorSchema]);
      expectSame(bulk.response, "the status of the error", at(result, "response.status"), "409");
      expectSame(bulk.response, "its scimType", at(result, "response.scimType"), "uniqueness");
      expectThat(bulk.response, result["location"] === undefined, "should give no location where nothing was made");
    })
    .faults(
      "a 404 for bulk",
      "statuses that are numbers",
      "results without a bulkId",
      "errors without a reason",
      "a location of a resource that was not created",
    ),
  "bulk-location-of-failed": check("The result of a failed PUT, PATCH or DELETE still has its location.")
    .clause("RFC 7644 section 3.7.3")
    .run(
      changesInBulk("person 1", "PUT", ({ personBody }) => personBody(1, { active: "perhaps" }), ["400"], {
        active: true,
      }),
    )
    .faults("a 404 for bulk", "results without a location"),
  "bulk-version": check("An operation with a wrong version is 412; with the right one its result has the new version.")
    .needs("bulk", "etag")
    .run(async (target) => {
      const { path } = target.person(1);
      const put = { method: "PUT", path, data: target.personBody(1, another) };
      onlyResult(await sendBulk(target, [{ ...put, version: 'W/"rollcall-conformance-never"' }]), "412");
      const version = versionOf(await target.read(path));
      const done = await sendBulk(target, [{ ...put, version }]);
      const newVersion = versionOf(await target.read(path));
      expectSame(done.response, "the version of its result", onlyResult(done, "200")["version"], newVersion);
    })
    .faults("a service that ignores the version of an operation"),
});

/** Sends one operation on a resource; expects its result, and what a GET then shows. */
function changesInBulk(
  name: FixtureName,
  method: "PUT" | "PATCH",
  data: (target: Target) => object,
  statuses: readonly string[],
  shown: Shown,
): Check["run"] {
  return async (target) => {
    const path = pathOfFixture(target, name);
    expectOnly(await sendBulk(target, [{ method, path, data: data(target) }]), path, ...statuses);
    await expectRead(target, path, shown);
  };
}

/** Expects one result, of the resource at this path and with one of these statuses. */
function expectOnly(bulk: BulkResponse, path: string, ...statuses: readonly string[]): void {
  expectSame(bulk.response, "the location", pathOfResult(bulk, onlyResult(bulk, ...statuses)), path);
}
