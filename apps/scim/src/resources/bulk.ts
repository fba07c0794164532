import { setTimeout } from "node:timers/promises";
import { loadCaller } from "@rollcall/db";
import {
  bulkResponse,
  err,
  errorBody,
  ok,
  parseBulkRequest,
  quote,
  referredBulkId,
  replaceBulkIds,
  type BulkMethod,
  type BulkOperation,
  type BulkRequest,
  type BulkResult,
  type BulkTarget,
  type BulkWork,
  type ResourceTypeDefinition,
  type ScimError,
} from "@rollcall/scim-protocol";
import { toCallerError } from "../http/authorization.ts";
import {
  refuseCaller,
  refuse,
  type ScimRequest,
  type Handler,
  type HandlerResult,
  type Success,
} from "../http/handler.ts";

/** Providers give up after 60 seconds: no operation starts later than this. */
const beginMaxMs = 45_000;
const lateError: ScimError = {
  status: 503,
  detail: `Not done: Rollcall works on one bulk request for ${beginMaxMs / 1000} seconds at most. Send this operation again.`,
};
const stoppingError: ScimError = {
  status: 503,
  detail: "Not done: Rollcall is restarting. Send this operation again in a few seconds.",
};
const goneError: ScimError = { status: 503, detail: "Not done: the client has closed the connection." };

type BulkHandlers = Readonly<Record<ResourceTypeDefinition["name"], Readonly<Record<BulkMethod, Handler>>>>;

/**
 * The state of one bulk request: the ids of created resources by bulkId, and the error for all remaining operations, if
 * any.
 */
type Run = {
  readonly request: ScimRequest;
  readonly handlers: BulkHandlers;
  readonly idsByBulkId: Map<string, string>;
  end: ScimError | undefined;
};

/**
 * POST /Bulk (RFC 7644 section 3.7): runs each operation through the handler of the single request, with its own
 * transaction, authorization and time (docs/decisions/0012). The status is always 200.
 */
export function bulkHandler(handlers: BulkHandlers): Handler {
  return async (request) => {
    const bulk = parseBulkRequest(request.body, request.quirks);
    if (!bulk.ok) return refuse(bulk.error);
    const caller = await loadCaller(request.database.sql, request.credential, request.now);
    if (!caller.ok) return refuseCaller(caller.error);
    const run: Run = { request, handlers, idsByBulkId: new Map(), end: undefined };
    const resultsByIndex = await processAll(run, bulk.value);
    const { operations } = bulk.value;
    const body = bulkResponse(operations.flatMap((_, index) => resultsByIndex.get(index) ?? []));
    return { caller, result: ok({ status: 200, body, note: noteOf(operations.length, resultsByIndex) }) };
  };
}

/** Operations left out because of `failOnErrors` have no result. */
async function processAll(
  run: Run,
  { operations, order, failOnErrors }: BulkRequest,
): Promise<ReadonlyMap<number, BulkResult>> {
  const resultsByIndex = new Map<number, BulkResult>();
  let failures = 0;
  for (const index of order) {
    const operation = operations[index];
    if (operation === undefined || failures >= failOnErrors) break;
    const result = await processOne(run, operation);
    if (!result.ok) failures++;
    resultsByIndex.set(index, printResult(run, operation, result));
  }
  return resultsByIndex;
}

async function processOne(run: Run, { work, bulkId }: BulkOperation): Promise<HandlerResult["result"]> {
  if (run.end !== undefined) return err(run.end);
  if (!work.ok) return work;
  run.end = await takeTurn(run.request);
  if (run.end !== undefined) return err(run.end);
  const missing = [...work.value.references].find((reference) => !run.idsByBulkId.has(reference));
  if (missing !== undefined) {
    const detail = `Not done: it refers to the bulkId ${quote(missing)}, and that operation has made nothing.`;
    return err({ status: 409, detail });
  }
  const { caller, result } = await perform(run, work.value);
  if (caller?.ok === false) {
    // A caller whose token has ended must learn nothing about the remaining operations.
    run.end = toCallerError(caller.error);
    return err(run.end);
  }
  const location = result.ok ? result.value.location : undefined;
  if (work.value.method === "POST" && bulkId !== undefined && location !== undefined) {
    run.idsByBulkId.set(bulkId, location.slice(location.lastIndexOf("/") + 1));
  }
  return result;
}

/** Waits until the rate limit admits the operation as one request. Returns an error if it never will. */
async function takeTurn({ gate, now }: ScimRequest): Promise<ScimError | undefined> {
  while (gate.now().getTime() - now.getTime() < beginMaxMs) {
    if (!gate.isAwaited()) return goneError;
    if (gate.isStopping()) return stoppingError;
    const limited = await gate.admit();
    if (limited === undefined) return undefined;
    await setTimeout((limited.retryAfterS ?? 1) * 1000);
  }
  return lateError;
}

async function perform({ request, handlers, idsByBulkId }: Run, work: BulkWork): Promise<HandlerResult> {
  const { method, target, version, data, references } = work;
  const body = references.size === 0 ? data : replaceBulkIds(data, (bulkId) => idsByBulkId.get(bulkId));
  const id = idOfTarget(target, idsByBulkId) ?? "";
  const handler = handlers[target.resourceType.name][method];
  try {
    const now = request.gate.now();
    return await handler({ ...request, now, method, query: {}, id, body, ifMatch: version, ifNoneMatch: undefined });
  } catch (cause) {
    return { result: err(request.gate.fault(cause)) };
  }
}

/** The id in the path, or the id that its bulkId stands for; undefined while unresolved. */
function idOfTarget({ id }: BulkTarget, idsByBulkId: Run["idsByBulkId"]): string | undefined {
  const bulkId = referredBulkId(id);
  return bulkId === undefined ? id : idsByBulkId.get(bulkId);
}

/** Every result has a location, except for a failed POST and an invalid path (section 3.7.3). */
function printResult(run: Run, operation: BulkOperation, result: HandlerResult["result"]): BulkResult {
  const { method, bulkId } = operation;
  const success: Partial<Success> = result.ok ? result.value : {};
  const location = success.location ?? locationOf(run, operation.target);
  return {
    ...(method === undefined ? {} : { method }),
    ...(bulkId === undefined ? {} : { bulkId }),
    ...(success.etag === undefined ? {} : { version: success.etag }),
    ...(location === undefined ? {} : { location }),
    status: String(result.ok ? result.value.status : result.error.status),
    ...(result.ok ? {} : { response: errorBody(result.error) }),
  };
}

function locationOf({ request, idsByBulkId }: Run, target: BulkTarget | undefined): string | undefined {
  const id = target === undefined ? undefined : idOfTarget(target, idsByBulkId);
  if (target === undefined || id === undefined || id === "") return undefined;
  return `${request.baseUrl}${target.resourceType.endpoint}/${encodeURIComponent(id.toWellFormed())}`;
}

/** A summary for the request log; each change is in the change log under the request id. */
function noteOf(count: number, resultsByIndex: ReadonlyMap<number, BulkResult>): string {
  const failed = [...resultsByIndex].filter(([, { response }]) => response !== undefined);
  const [first] = failed.toSorted(([left], [right]) => left - right);
  const done = resultsByIndex.size - failed.length;
  const total = `Bulk: ${done} of ${count} operations done, ${failed.length} failed.`;
  return first === undefined ? total : `${total} Operation ${first[0] + 1}: ${first[1].response?.detail}`;
}
