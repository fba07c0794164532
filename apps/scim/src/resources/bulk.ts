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
import { notLetIn, refuse, type Call, type Handler, type Reply, type Success } from "../http/call.ts";

/** Providers give up after 60 seconds: no operation is begun later than this. */
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

/** What one run knows: the ids of what it has made, by bulkId, and why nothing more is done, once that is so. */
type Run = {
  readonly call: Call;
  readonly handlers: BulkHandlers;
  readonly idsByBulkId: Map<string, string>;
  end: ScimError | undefined;
};

/**
 * POST /Bulk (RFC 7644 section 3.7): one operation after another goes through the handler of the single call, with a
 * transaction, an authorization and a time of its own (docs/decisions/0012). The answer is 200 whatever becomes of them.
 */
export function bulkHandler(handlers: BulkHandlers): Handler {
  return async (call) => {
    const request = parseBulkRequest(call.body, call.quirks);
    if (!request.ok) return refuse(request.error);
    const caller = await loadCaller(call.database.sql, call.credential, call.now);
    if (!caller.ok) return notLetIn(caller.error);
    const run: Run = { call, handlers, idsByBulkId: new Map(), end: undefined };
    const resultsByIndex = await processAll(run, request.value);
    const { operations } = request.value;
    const body = bulkResponse(operations.flatMap((_, index) => resultsByIndex.get(index) ?? []));
    return { caller, result: ok({ status: 200, body, note: noteOf(operations.length, resultsByIndex) }) };
  };
}

/** What `failOnErrors` leaves unprocessed has no result. */
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

async function processOne(run: Run, { work, bulkId }: BulkOperation): Promise<Reply["result"]> {
  if (run.end !== undefined) return err(run.end);
  if (!work.ok) return work;
  run.end = await takeTurn(run.call);
  if (run.end !== undefined) return err(run.end);
  const missing = [...work.value.references].find((reference) => !run.idsByBulkId.has(reference));
  if (missing !== undefined) {
    const detail = `Not done: it refers to the bulkId ${quote(missing)}, and that operation has made nothing.`;
    return err({ status: 409, detail });
  }
  const { caller, result } = await perform(run, work.value);
  if (caller?.ok === false) {
    // Whoever has lost the right to call is told nothing more of the operations that follow.
    run.end = toCallerError(caller.error);
    return err(run.end);
  }
  const location = result.ok ? result.value.location : undefined;
  if (work.value.method === "POST" && bulkId !== undefined && location !== undefined) {
    run.idsByBulkId.set(bulkId, location.slice(location.lastIndexOf("/") + 1));
  }
  return result;
}

/** Waits for the operation's turn, as the rate limit counts it as a call. The error says why none will come. */
async function takeTurn({ gate, now }: Call): Promise<ScimError | undefined> {
  while (gate.now().getTime() - now.getTime() < beginMaxMs) {
    if (!gate.isAwaited()) return goneError;
    if (gate.isStopping()) return stoppingError;
    const limited = await gate.admit();
    if (limited === undefined) return undefined;
    await setTimeout((limited.retryAfterS ?? 1) * 1000);
  }
  return lateError;
}

async function perform({ call, handlers, idsByBulkId }: Run, work: BulkWork): Promise<Reply> {
  const { method, target, version, data, references } = work;
  const body = references.size === 0 ? data : replaceBulkIds(data, (bulkId) => idsByBulkId.get(bulkId));
  const id = idOfTarget(target, idsByBulkId) ?? "";
  const handler = handlers[target.resourceType.name][method];
  try {
    const now = call.gate.now();
    return await handler({ ...call, now, method, query: {}, id, body, ifMatch: version, ifNoneMatch: undefined });
  } catch (cause) {
    return { result: err(call.gate.fault(cause)) };
  }
}

/** The id of the path, or what its bulkId has become; undefined while that is nothing. */
function idOfTarget({ id }: BulkTarget, idsByBulkId: Run["idsByBulkId"]): string | undefined {
  const bulkId = referredBulkId(id);
  return bulkId === undefined ? id : idsByBulkId.get(bulkId);
}

/** Every result has a location, but for a POST that failed and for a path that leads nowhere (section 3.7.3). */
function printResult(run: Run, operation: BulkOperation, result: Reply["result"]): BulkResult {
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

function locationOf({ call, idsByBulkId }: Run, target: BulkTarget | undefined): string | undefined {
  const id = target === undefined ? undefined : idOfTarget(target, idsByBulkId);
  if (target === undefined || id === undefined || id === "") return undefined;
  return `${call.baseUrl}${target.resourceType.endpoint}/${encodeURIComponent(id.toWellFormed())}`;
}

/** How it went, for the owner who reads the request log; each change is in the change log under the call's request id. */
function noteOf(count: number, resultsByIndex: ReadonlyMap<number, BulkResult>): string {
  const failed = [...resultsByIndex].filter(([, { response }]) => response !== undefined);
  const [first] = failed.toSorted(([left], [right]) => left - right);
  const done = resultsByIndex.size - failed.length;
  const total = `Bulk: ${done} of ${count} operations done, ${failed.length} failed.`;
  return first === undefined ? total : `${total} Operation ${first[0] + 1}: ${first[1].response?.detail}`;
}
