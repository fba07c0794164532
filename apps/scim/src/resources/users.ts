import { addMember, isUuid, readMember, writeMember, type Intent, type MemberRow } from "@rollcall/db";
import { fromUser, toUser, userVersion } from "@rollcall/domain";
import {
  applyPatch,
  err,
  judgePreconditions,
  namesAttribute,
  normalizeUser,
  ok,
  parsePatchRequest,
  parsePreconditions,
  parseProjection,
  parseResource,
  project,
  userResourceType,
  type Projection,
  type Result,
  type ScimError,
  type ScimResource,
} from "@rollcall/scim-protocol";
import { notLetIn, refuse, type Call, type Handler, type Reply, type Success } from "../http/call.ts";
import { toScimError } from "../http/scim-error.ts";

/** GET /Users/{id} (sections 3.4.1 and 3.14). */
export const readUserHandler: Handler = async (call) => {
  const projection = parseProjection(call.query, userResourceType);
  if (!projection.ok) return refuse(projection.error);
  const conditions = parsePreconditions(call);
  if (!conditions.ok) return refuse(conditions.error);
  if (!isUuid(call.id)) return refuse(unknownUser(call.id));
  const { caller, found } = await readMember(call.database.sql, call.credential, call.id, call.now);
  if (found === null) return { caller, result: err(unknownUser(call.id)) };
  const etag = userVersion(found);
  const judged = judgePreconditions(conditions.value, etag);
  if (!judged.ok) return { caller, result: judged };
  if (judged.value === "notModified") return { caller, result: ok({ status: 304, etag }) };
  return { caller, result: ok(userAnswer(call, found, projection.value)) };
};

/** POST /Users (section 3.3). */
export const createUserHandler: Handler = async (call) => {
  const projection = parseProjection(call.query, userResourceType);
  if (!projection.ok) return refuse(projection.error);
  const resource = parseResource(call.body, userResourceType, call.quirks);
  if (!resource.ok) return refuse(resource.error);
  const { caller, added } = await addMember(call.database, call.credential, fromUser(resource.value), call);
  if (!caller.ok) return notLetIn(caller.error);
  if (added === undefined) throw new Error("A caller was let in and nothing was decided.");
  if (!added.ok) return { caller, result: err(toScimError(added.error)) };
  const location = `${call.baseUrl}/Users/${added.value.id}`;
  return { caller, result: ok({ ...userAnswer(call, added.value, projection.value), status: 201, location }) };
};

/**
 * PUT /Users/{id} (section 3.5.1). What the body leaves out is cleared, but for `active` and the anchor externalId, which
 * null, [] and "" clear.
 */
export const replaceUserHandler: Handler = async (call) => {
  const resource = parseResource(call.body, userResourceType, call.quirks);
  if (!resource.ok) return refuse(resource.error);
  const keepsExternalId = !namesAttribute(call.body, "externalId");
  return write(call, (member) => {
    const input = fromUser(normalizeUser(resource.value, member, call.quirks));
    return ok({ kind: "change", input: keepsExternalId ? { ...input, externalId: member.externalId } : input });
  });
};

/** PATCH /Users/{id} (section 3.5.2): all operations or none. One in which nothing is for us shows the User and writes nothing. */
export const patchUserHandler: Handler = async (call) => {
  const operations = parsePatchRequest(call.body, userResourceType, call.id, call.quirks);
  if (!operations.ok) return refuse(operations.error);
  if (operations.value.length === 0) return readUserHandler(call);
  return write(call, (member) => {
    const patched = applyPatch(toUser(member, call.baseUrl), operations.value, userResourceType);
    if (!patched.ok) return patched;
    const resource = parseResource(patched.value, userResourceType);
    if (!resource.ok) return resource;
    return ok({ kind: "change", input: fromUser(normalizeUser(resource.value, member, call.quirks)) });
  });
};

/** DELETE /Users/{id} (section 3.6). */
export const deleteUserHandler: Handler = (call) => write(call, () => ok({ kind: "delete" }));

type Intend = (member: MemberRow) => Result<Intent, ScimError>;

/** The conditions of section 3.14 are judged for the very row that is then saved, if it is still that version. */
async function write(call: Call, intend: Intend): Promise<Reply> {
  const projection = parseProjection(call.query, userResourceType);
  if (!projection.ok) return refuse(projection.error);
  const conditions = parsePreconditions(call);
  if (!conditions.ok) return refuse(conditions.error);
  if (!isUuid(call.id)) return refuse(unknownUser(call.id));
  const { database, credential, id, now, requestId } = call;
  const isDeletion = call.method === "DELETE";
  const judgeAndIntend: Intend = (member) => {
    const judged = judgePreconditions(conditions.value, userVersion(member));
    return judged.ok ? intend(member) : judged;
  };
  const outcome = await writeMember(database, { credential, id, now, requestId, intend: judgeAndIntend });
  switch (outcome.kind) {
    case "callerRefused":
      return notLetIn(outcome.refusal);
    case "invalid":
      return { caller: ok(outcome.caller), result: err(outcome.error) };
    case "refused":
      return { caller: ok(outcome.caller), result: err(toScimError(outcome.refusal)) };
    case "saved":
      return {
        caller: ok(outcome.caller),
        result: ok(isDeletion ? { status: 204 } : userAnswer(call, outcome.member, projection.value)),
      };
  }
}

function userAnswer(call: Call, member: MemberRow, projection: Projection): Success {
  return { status: 200, body: shown(call, member, projection), etag: userVersion(member) };
}

/** A member as the answer shows them. */
export function shown(call: Call, member: MemberRow, projection: Projection): ScimResource {
  const user = toUser(member, call.baseUrl);
  return projection.kind === "default" ? user : project(user, projection);
}

function unknownUser(id: string): ScimError {
  return toScimError({ kind: "memberNotFound", memberId: id });
}
