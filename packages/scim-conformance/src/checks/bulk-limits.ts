import { expectError, expectThat, integerAt, pathOf } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import { bulkOf, patchSchema, unknownId } from "../request-body.ts";
import type { Target } from "../target.ts";
import { deletionOf, expectResultCount, postGroup, sendBulk } from "./bulk-request.ts";
import { refuses } from "./write-kinds.ts";

/** The largest request that a check sends; larger limits are not tested. */
const operationsMax = 2000;
const bytesMax = 8 * 1024 * 1024;

const chapter: Chapter = { clause: "RFC 7644 section 3.7.4", needs: ["bulk"] };

/** The limits of bulk, which ServiceProviderConfig advertises, and bodies that are not bulk requests. */
export const bulkLimitsChecks = checksOf(chapter, {
  "bulk-advertises-limits": check("ServiceProviderConfig has the maximum operations and bytes of a bulk request.")
    .clause("RFC 7643 section 5")
    .run(async (target) => {
      const config = await target.read("/ServiceProviderConfig");
      for (const limit of ["bulk.maxOperations", "bulk.maxPayloadSize"])
        expectThat(config, integerAt(config, limit) > 0, `should advertise a ${limit} above 0`);
    })
    .faults("no limits", "limits of nothing"),
  "bulk-takes-as-many-operations": check("A bulk request with as many operations as are advertised is accepted.")
    .run(async (target) => {
      const count = Math.min(await limitOf(target, "bulk.maxOperations"), operationsMax);
      expectResultCount(await sendBulk(target, idleOperations(count)), count);
    })
    .faults("a 404 for bulk", "a bulk response without its last result", "limits above those that hold"),
  "bulk-too-many-operations": check("A bulk request with one operation too many is 413, and none of them is done.")
    .run(
      refusesAbove("bulk.maxOperations", operationsMax, (max, operation) =>
        bulkOf([operation, ...idleOperations(max)]),
      ),
    )
    .faults("limits below those that hold", "a 400 for a request above a limit"),
  "bulk-takes-as-many-bytes": check("A bulk request with as many bytes as are advertised is accepted.")
    .run(async (target) => {
      const bytes = Math.min(await limitOf(target, "bulk.maxPayloadSize"), bytesMax);
      const response = await target.post("/Bulk", paddedTo(bytes));
      expectThat(response, response.status === 200, `should take ${bytes} bytes, as ServiceProviderConfig says`);
    })
    .faults("a 404 for bulk", "limits above those that hold"),
  "bulk-too-large": check("A bulk request with more bytes than advertised is 413, and none of its operations is done.")
    .run(refusesAbove("bulk.maxPayloadSize", bytesMax, (max, operation) => paddedTo(max + 1, operation)))
    .faults("limits below those that hold", "a 400 for a request above a limit"),
  "bulk-with-its-schema": check("A body whose schemas are not those of a bulk request is 400.")
    .clause("RFC 7644 section 3.7")
    .run(
      refuses([400], (target) =>
        target.post("/Bulk", { ...bulkOf([deletionOf(`/Groups/${unknownId}`)]), schemas: [patchSchema] }),
      ),
    )
    .faults("a 200 for an invalid bulk request", "a bulk request whose schemas are ignored"),
  "bulk-broken-json": check("A bulk request that is not valid JSON is 400 invalidSyntax.")
    .clause("RFC 7644 section 3.12")
    .run(refuses([400, "invalidSyntax"], (target) => target.post("/Bulk", JSON.stringify(bulkOf([])).slice(0, -1))))
    .faults("a 200 for an invalid bulk request"),
  "bulk-without-operations": check("A bulk request whose Operations are missing or not an array is 400.")
    .clause("RFC 7644 section 3.7")
    .run(async (target) => {
      for (const Operations of [undefined, postGroup(target), "none"])
        expectError(await target.post("/Bulk", { ...bulkOf([]), Operations }), 400);
    })
    .faults("a 200 for an invalid bulk request"),
});

/** Expects 413 for a request above the limit, none of whose operations is done; skipped above `max`. */
function refusesAbove(
  limit: string,
  max: number,
  bodyOf: (limit: number, operation: object) => object | string,
): Check["run"] {
  return async (target) => {
    const advertised = await limitOf(target, limit);
    if (advertised >= max) return;
    const remains = pathOf(await target.createGroup());
    expectError(await target.post("/Bulk", bodyOf(advertised, deletionOf(remains))), 413);
    await target.read(remains);
  };
}

async function limitOf(target: Target, limit: string): Promise<number> {
  return integerAt(await target.read("/ServiceProviderConfig"), limit);
}

/** Operations that are refused before any resource is read, so that a rate limit of the service is not reached. */
function idleOperations(count: number): readonly object[] {
  return Array.from({ length: count }, () => deletionOf("/Nothing/1"));
}

/** A bulk request of so many bytes, all of them ASCII. */
function paddedTo(bytes: number, ...operations: readonly object[]): string {
  const last = deletionOf(`/Groups/${unknownId}`);
  const body = (padding: string): string => JSON.stringify(bulkOf([...operations, last], { padding }));
  return body("x".repeat(Math.max(0, bytes - body("").length)));
}
