import { expectError, expectSame, expectSameSet, expectThat, memberIdsOf } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import { shown, type JsonObject } from "../json.ts";
import { add, bulkOf, patchOf, references } from "../request-body.ts";
import type { Target } from "../target.ts";
import {
  bulkResponse,
  expectResultCount,
  onlyResult,
  pathOfResult,
  postGroup,
  resultOf,
  sendBulk,
} from "./bulk-request.ts";
import { expectListed } from "./write-kinds.ts";

const unresolved = ["400", "404", "409", "412"];

const chapter: Chapter = { clause: "RFC 7644 section 3.7.2", needs: ["bulk"] };

/** References by bulkId between operations, and requests and operations that are refused. */
export const bulkIdentifiersChecks = checksOf(chapter, {
  "bulk-refers-to-what-it-makes": check("A group in bulk can have a member that the same request creates.")
    .run(createsTogether((target) => [postPerson(target), groupOfNewPerson(target)]))
    .faults("a 404 for bulk", "results without a bulkId", "references that are dropped"),
  "bulk-refers-forward": check("A reference may come before the operation that creates the resource.")
    .run(createsTogether((target) => [groupOfNewPerson(target), postPerson(target)]))
    .faults("a 404 for bulk", "references that are dropped", "references that are read only after what they refer to"),
  "bulk-refers-in-patch": check("A PATCH in bulk can add a member that the same request creates.")
    .needs("bulk", "patch")
    .run(async (target) => {
      await target.remove(target.person(5).path);
      const { path, memberIds } = target.group(1);
      const patch = { method: "PATCH", path, data: patchOf(add("members", references("bulkId:u1"))) };
      const bulk = await sendBulk(target, [postPerson(target), patch]);
      const id = pathOfResult(bulk, resultOf(bulk, "u1", "201")).slice("/Users/".length);
      const group = await target.read(path);
      expectSameSet(group, "the members", memberIdsOf(group), [...memberIds, id]);
    })
    .faults("a 404 for bulk", "references that are dropped"),
  "bulk-refers-to-nothing": check("A reference to a bulkId of no operation is refused with a 4xx and creates nothing.")
    .run(async (target) => {
      onlyResult(await sendBulk(target, [groupOfNewPerson(target)]), ...unresolved);
      await expectNoNewGroup(target);
    })
    .faults("references that are dropped"),
  "bulk-refers-to-what-failed": check("A reference to a resource that could not be created is refused with a 4xx.")
    .run(async (target) => {
      const failing = { ...postPerson(target), data: target.personBody(1) };
      const bulk = await sendBulk(target, [failing, groupOfNewPerson(target)]);
      resultOf(bulk, "u1", "409");
      resultOf(bulk, "g1", ...unresolved);
      await expectNoNewGroup(target);
    })
    .faults("references that are dropped"),
  "bulk-id-twice": check("A bulkId that two operations have is refused with a 4xx, for both or for the whole request.")
    .run(
      refusesOperations((target) => [postGroup(target), postGroup(target, { displayName: `${target.label}-New-2` })]),
    )
    .faults("bulkIds that need not be there or be unique"),
  "bulk-post-without-bulk-id": check("A POST in bulk without a bulkId is refused with a 4xx.")
    .clause("RFC 7644 section 3.7")
    .run(refusesOperations((target) => [{ ...postGroup(target), bulkId: undefined }]))
    .faults("a 200 for whatever is asked", "bulkIds that need not be there or be unique"),
  "bulk-unknown-method": check("An operation with an unknown method, such as GET, is refused with a 4xx.")
    .clause("RFC 7644 section 3.7")
    .run(refusesOperations((target) => [{ method: "GET", path: target.person(1).path }]))
    .faults("a 200 for whatever is asked"),
  "bulk-without-path": check("An operation without a path, or with an unknown one, is refused with a 4xx.")
    .clause("RFC 7644 section 3.7")
    .run(async (target) => {
      for (const path of [undefined, "/Nothing"])
        await refusesOperations(() => [{ ...postGroup(target), path }])(target);
    })
    .faults("a 200 for whatever is asked"),
  "bulk-post-without-data": check("A POST in bulk without data is refused with a 4xx.")
    .clause("RFC 7644 section 3.7")
    .run(refusesOperations((target) => [{ ...postGroup(target), data: undefined }]))
    .faults("a 200 for whatever is asked"),
});

/** Creates person 5 under the bulkId "u1". */
function postPerson(target: Target): JsonObject {
  return { method: "POST", path: "/Users", bulkId: "u1", data: target.personBody(5) };
}

/** Creates a group whose member is the resource with the bulkId "u1". */
function groupOfNewPerson(target: Target): JsonObject {
  return postGroup(target, { members: references("bulkId:u1") });
}

/** Expects that operations create person 5 and a group with this member. */
function createsTogether(operations: (target: Target) => readonly JsonObject[]): Check["run"] {
  return async (target) => {
    await target.remove(target.person(5).path);
    const bulk = await sendBulk(target, operations(target));
    const [person, group] = [resultOf(bulk, "u1", "201"), resultOf(bulk, "g1", "201")];
    const found = await target.read(pathOfResult(bulk, group));
    const paths = memberIdsOf(found).map((id) => `/Users/${id}`);
    expectSame(found, "the members", paths, [pathOfResult(bulk, person)]);
  };
}

/** Expects that the whole request or each of its operations is refused, and that no group is created. */
function refusesOperations(operationsOf: (target: Target) => readonly object[]): Check["run"] {
  return async (target) => {
    const operations = operationsOf(target);
    const response = await target.post("/Bulk", bulkOf(operations));
    if (response.status === 200) {
      const bulk = bulkResponse(response);
      for (const result of bulk.results) {
        const isRefused = typeof result["status"] === "string" && /^4\d\d$/.test(result["status"]);
        expectThat(bulk.response, isRefused, `should refuse the operation, but answers ${shown(result)}`);
      }
      expectResultCount(bulk, operations.length);
    } else expectError(response, 400);
    await expectNoNewGroup(target);
  };
}

function expectNoNewGroup(target: Target): Promise<void> {
  return expectListed(target, "/Groups", `displayName sw "${target.label}-New"`, []);
}
