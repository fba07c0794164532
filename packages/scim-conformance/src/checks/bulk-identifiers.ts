import { expectError, expectSame, expectSameSet, expectStatus, expectThat } from "../assertion.ts";
import type { JsonObject } from "../json.ts";
import { checksOf, type Chapter } from "../check.ts";
import type { Target } from "../target.ts";
import {
  bulkOf,
  expectResult,
  onlyResult,
  pathOfResult,
  resultOf,
  sendBulk,
  type BulkResponse,
} from "./bulk-request.ts";
import { add, expectListed } from "./write-kinds.ts";
import {
  bodyOfPerson,
  groupPath,
  memberIdsOf,
  newGroup,
  patchOf,
  personPath,
  read,
  references,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.7.2", needs: "bulk" };

/** What operations say to each other by bulkId, and what the whole or one of them is refused for. */
export const bulkIdentifiersChecks = checksOf(chapter, {
  "bulk-refers-to-what-it-makes": {
    title: "A group in bulk can have a member that the same request creates.",
    run: async (target) => {
      expectStatus(await target.delete(personPath(target, 5)), 204);
      await expectJoined(target, await sendBulk(target, [personOperation(target), groupOperation(target)]));
    },
    faults: ["a 404 for bulk", "results without a bulkId", "references that are dropped"],
  },
  "bulk-refers-forward": {
    title: "A reference may come before the operation that creates what it refers to.",
    run: async (target) => {
      expectStatus(await target.delete(personPath(target, 5)), 204);
      await expectJoined(target, await sendBulk(target, [groupOperation(target), personOperation(target)]));
    },
    faults: ["a 404 for bulk", "references that are dropped", "references that are read only after what they refer to"],
  },
  "bulk-refers-in-patch": {
    needs: ["bulk", "patch"],
    title: "A PATCH in bulk can add a member that the same request creates.",
    run: async (target) => {
      expectStatus(await target.delete(personPath(target, 5)), 204);
      const data = patchOf(add("members", references("bulkId:u1")));
      const patch = { method: "PATCH", path: groupPath(target, 1), data };
      const bulk = await sendBulk(target, [personOperation(target), patch]);
      const id = pathOfResult(bulk, resultOf(bulk, "u1")).slice("/Users/".length);
      const group = await read(target, groupPath(target, 1));
      expectSameSet(group, "the members", memberIdsOf(group), [...target.cast.group(1).memberIds, id]);
    },
    faults: ["a 404 for bulk", "references that are dropped"],
  },
  "bulk-refers-to-nothing": {
    title: "A reference to a bulkId that no operation has is refused with a 4xx, and nothing is made of it.",
    run: async (target) => {
      const bulk = await sendBulk(target, [groupOperation(target)]);
      expectResult(bulk, onlyResult(bulk), "400", "404", "409", "412");
      await expectNoNewGroup(target);
    },
    faults: ["references that are dropped"],
  },
  "bulk-refers-to-what-failed": {
    title: "What refers to something that could not be created is refused with a 4xx.",
    run: async (target) => {
      const failing = { ...personOperation(target), data: bodyOfPerson(target, 1) };
      const bulk = await sendBulk(target, [failing, groupOperation(target)]);
      expectResult(bulk, resultOf(bulk, "u1"), "409");
      expectResult(bulk, resultOf(bulk, "g1"), "400", "404", "409", "412");
      await expectNoNewGroup(target);
    },
    faults: ["references that are dropped"],
  },
  "bulk-id-twice": {
    title: "A bulkId that two operations have is refused with a 4xx, of both or of the whole.",
    run: async (target) => {
      const second = newGroup(target, { displayName: `${target.cast.label}-New-2` });
      const operation = { method: "POST", path: "/Groups", bulkId: "g1" };
      await expectRefused(target, [
        { ...operation, data: newGroup(target) },
        { ...operation, data: second },
      ]);
    },
    faults: ["bulkIds that need not be there or be unique"],
  },
  "bulk-post-without-bulk-id": {
    clause: "RFC 7644 section 3.7",
    title: "A POST in bulk without a bulkId is refused with a 4xx.",
    run: (target) => expectRefused(target, [{ method: "POST", path: "/Groups", data: newGroup(target) }]),
    faults: ["a 200 for whatever is asked", "bulkIds that need not be there or be unique"],
  },
  "bulk-unknown-method": {
    clause: "RFC 7644 section 3.7",
    title: "An operation whose method is none of POST, PUT, PATCH and DELETE is refused with a 4xx.",
    run: (target) => expectRefused(target, [{ method: "GET", path: personPath(target, 1) }]),
    faults: ["a 200 for whatever is asked"],
  },
  "bulk-without-path": {
    clause: "RFC 7644 section 3.7",
    title: "An operation without a path, or with one that leads nowhere, is refused with a 4xx.",
    run: async (target) => {
      await expectRefused(target, [{ method: "POST", bulkId: "g1", data: newGroup(target) }]);
      await expectRefused(target, [{ method: "POST", path: "/Nothing", bulkId: "g1", data: newGroup(target) }]);
    },
    faults: ["a 200 for whatever is asked"],
  },
  "bulk-post-without-data": {
    clause: "RFC 7644 section 3.7",
    title: "A POST in bulk without data is refused with a 4xx.",
    run: (target) => expectRefused(target, [{ method: "POST", path: "/Groups", bulkId: "g1" }]),
    faults: ["a 200 for whatever is asked"],
  },
});

function personOperation(target: Target): JsonObject {
  return { method: "POST", path: "/Users", bulkId: "u1", data: bodyOfPerson(target, 5) };
}

function groupOperation(target: Target): JsonObject {
  const data = newGroup(target, { members: references("bulkId:u1") });
  return { method: "POST", path: "/Groups", bulkId: "g1", data };
}

async function expectJoined(target: Target, bulk: BulkResponse): Promise<void> {
  expectResult(bulk, resultOf(bulk, "u1"), "201");
  expectResult(bulk, resultOf(bulk, "g1"), "201");
  const group = await read(target, pathOfResult(bulk, resultOf(bulk, "g1")));
  const paths = memberIdsOf(group).map((id) => `/Users/${id}`);
  expectSame(group, "the members", paths, [pathOfResult(bulk, resultOf(bulk, "u1"))]);
}

/** The whole may be refused, or each of the operations; either way nothing is made. */
async function expectRefused(target: Target, operations: readonly object[]): Promise<void> {
  const response = await target.post("/Bulk", bulkOf(operations));
  if (response.status === 200) {
    const bulk = await sendBulk(target, operations);
    for (const result of bulk.results) {
      const isRefused = typeof result["status"] === "string" && /^4\d\d$/.test(result["status"]);
      expectThat(bulk.response, isRefused, `should refuse the operation, but answers ${JSON.stringify(result)}`);
    }
    expectSame(bulk.response, "the number of results", bulk.results.length, operations.length);
  } else expectError(response, 400);
  await expectNoNewGroup(target);
}

function expectNoNewGroup(target: Target): Promise<void> {
  return expectListed(target, "/Groups", `displayName sw "${target.cast.label}-New"`, []);
}
