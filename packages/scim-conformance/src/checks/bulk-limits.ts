import { expectError, expectSame, expectThat, integerAt } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import type { Target } from "../target.ts";
import { bulkOf, sendBulk } from "./bulk-request.ts";
import { createGroup, newGroup, nobodysId, patchSchema, pathOf, read } from "./written-resource.ts";

/** The largest request that a check sends; a service that takes more is not tried to its end. */
const operationsMax = 2000;
const bytesMax = 8 * 1024 * 1024;

const chapter: Chapter = { clause: "RFC 7644 section 3.7.4", needs: "bulk" };

/** The limits of bulk, which ServiceProviderConfig advertises, and bodies that are no bulk request. */
export const bulkLimitsChecks = checksOf(chapter, {
  "bulk-advertises-limits": {
    clause: "RFC 7643 section 5",
    title: "ServiceProviderConfig says how many operations and how many bytes a bulk request may have.",
    run: async (target) => {
      const config = await read(target, "/ServiceProviderConfig");
      for (const limit of ["bulk.maxOperations", "bulk.maxPayloadSize"])
        expectThat(config, integerAt(config, limit) > 0, `should advertise a ${limit} above 0`);
    },
    faults: ["no limits", "limits of nothing"],
  },
  "bulk-takes-as-many-operations": {
    title: "A bulk request with as many operations as are advertised is taken.",
    run: async (target) => {
      const count = Math.min(await limitOf(target, "bulk.maxOperations"), operationsMax);
      const bulk = await sendBulk(target, idleOperations(count));
      expectSame(bulk.response, "the number of results", bulk.results.length, count);
    },
    faults: ["a 404 for bulk", "a bulk answer without its last result", "limits above those that hold"],
  },
  "bulk-too-many-operations": {
    title: "A bulk request with one operation more than is advertised is 413, and nothing of it is done.",
    run: async (target) => {
      const max = await limitOf(target, "bulk.maxOperations");
      if (max >= operationsMax) return;
      const remains = pathOf("/Groups", await createGroup(target));
      const operations = [{ method: "DELETE", path: remains }, ...idleOperations(max)];
      expectError(await target.post("/Bulk", bulkOf(operations)), 413);
      await read(target, remains);
    },
    faults: ["limits below those that hold", "a 400 for what is too much"],
  },
  "bulk-takes-as-many-bytes": {
    title: "A bulk request with as many bytes as are advertised is taken.",
    run: async (target) => {
      const bytes = Math.min(await limitOf(target, "bulk.maxPayloadSize"), bytesMax);
      const response = await target.post("/Bulk", paddedTo(bytes));
      expectThat(response, response.status === 200, `should take ${bytes} bytes, as ServiceProviderConfig says`);
    },
    faults: ["a 404 for bulk", "limits above those that hold"],
  },
  "bulk-too-large": {
    title: "A bulk request with more bytes than are advertised is 413, and nothing of it is done.",
    run: async (target) => {
      const max = await limitOf(target, "bulk.maxPayloadSize");
      if (max >= bytesMax) return;
      const remains = pathOf("/Groups", await createGroup(target));
      const operation = { method: "DELETE", path: remains };
      expectError(await target.post("/Bulk", paddedTo(max + 1, operation)), 413);
      await read(target, remains);
    },
    faults: ["limits below those that hold", "a 400 for what is too much"],
  },
  "bulk-with-its-schema": {
    clause: "RFC 7644 section 3.7",
    title: "A body whose schemas are not those of a bulk request is 400.",
    run: async (target) => {
      const body = { ...bulkOf([{ method: "DELETE", path: `/Groups/${nobodysId}` }]), schemas: [patchSchema] };
      expectError(await target.post("/Bulk", body), 400);
    },
    faults: ["a 200 for what is no bulk request", "a bulk that does not look at its schemas"],
  },
  "bulk-broken-json": {
    clause: "RFC 7644 section 3.12",
    title: "A bulk request that is no JSON is 400 invalidSyntax.",
    run: async (target) =>
      expectError(await target.post("/Bulk", JSON.stringify(bulkOf([])).slice(0, -1)), 400, "invalidSyntax"),
    faults: ["a 200 for what is no bulk request"],
  },
  "bulk-without-operations": {
    clause: "RFC 7644 section 3.7",
    title: "A bulk request whose Operations are missing or no array is 400.",
    run: async (target) => {
      const operation = { method: "POST", path: "/Groups", bulkId: "g1", data: newGroup(target) };
      for (const Operations of [undefined, operation, "none"])
        expectError(await target.post("/Bulk", { ...bulkOf([]), Operations }), 400);
    },
    faults: ["a 200 for what is no bulk request"],
  },
});

async function limitOf(target: Target, limit: string): Promise<number> {
  return integerAt(await read(target, "/ServiceProviderConfig"), limit);
}

/** They are refused one by one at the first look, so that a rate limit of the service is not reached. */
function idleOperations(count: number): readonly object[] {
  return Array.from({ length: count }, () => ({ method: "DELETE", path: "/Nothing/1" }));
}

/** A bulk request of so many bytes, all of them ASCII. */
function paddedTo(bytes: number, ...operations: readonly object[]): string {
  const operation = { method: "DELETE", path: `/Groups/${nobodysId}` };
  const body = (padding: string): string => JSON.stringify(bulkOf([...operations, operation], { padding }));
  return body("x".repeat(Math.max(0, bytes - body("").length)));
}
