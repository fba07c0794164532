import {
  addRole,
  changeRole,
  deleteRole,
  isUuid,
  readRole,
  type RoleCall,
  type RoleIntent,
  type RoleOutcome,
  type RoleVersion,
  type RoleWithMembers,
} from "@rollcall/db";
import { fromGroup, groupVersion, toGroup, type GroupInput } from "@rollcall/domain";
import {
  applyPatch,
  err,
  groupResourceType,
  isConditional,
  isRequested,
  judgePreconditions,
  namesAttribute,
  ok,
  parsePatchRequest,
  parsePreconditions,
  parseProjection,
  parseResource,
  project,
  type PatchOperation,
  type Preconditions,
  type Projection,
  type Result,
  type ScimError,
  type ScimResource,
} from "@rollcall/scim-protocol";
import { notLetIn, refuse, type Call, type Handler, type Reply, type Success } from "../http/call.ts";
import { editsMember, keptId, toRoleIntent } from "./group-patch.ts";
import { toScimError } from "../http/scim-error.ts";

/** GET /Groups/{id} (sections 3.4.1 and 3.14). */
export const readGroupHandler: Handler = (call) => {
  const conditions = parsePreconditions(call);
  if (!conditions.ok) return refuse(conditions.error);
  return call.largeReads.run(call.holder, () => readGroup(call, conditions.value));
};

/** POST /Groups (section 3.3). */
export const createGroupHandler: Handler = async (call) => {
  const projection = parseProjection(call.query, groupResourceType);
  if (!projection.ok) return refuse(projection.error);
  const resource = parseResource(call.body, groupResourceType, call.quirks);
  if (!resource.ok) return refuse(resource.error);
  const { displayName, externalId, memberIds = [] } = readGroupBody(resource.value);
  const outcome = await addRole(call.database, call, { name: displayName, externalId, memberIds });
  return answer(call, outcome, 201);
};

/** PUT /Groups/{id} (section 3.5.1). Members and an externalId that the body does not speak of stay. */
export const replaceGroupHandler: Handler = async (call) => {
  const resource = parseResource(call.body, groupResourceType, call.quirks);
  if (!resource.ok) return refuse(resource.error);
  const { displayName, externalId, memberIds } = readGroupBody(resource.value);
  return change(call, 200, {
    name: displayName,
    ...(namesAttribute(call.body, "externalId") ? { externalId } : {}),
    members: memberIds === undefined ? [] : [{ kind: "set", memberIds }],
  });
};

/** The Group with the ids of its members as they are kept. */
function readGroupBody(resource: ScimResource): GroupInput {
  const group = fromGroup(resource);
  return { ...group, memberIds: group.memberIds?.map((id) => keptId(id) ?? id) };
}

/**
 * PATCH /Groups/{id} (section 3.5.2): 204, or 200 where the client asks for attributes. One in which nothing is for us
 * shows the Group and writes nothing.
 */
export const patchGroupHandler: Handler = async (call) => {
  const operations = parsePatchRequest(call.body, groupResourceType, call.id, call.quirks);
  if (!operations.ok) return refuse(operations.error);
  if (operations.value.length === 0) return readGroupHandler(call);
  const intent = toRoleIntent(operations.value, call.baseUrl);
  if (!intent.ok) return refuse(intent.error);
  const edits = operations.value.filter(editsMember);
  const refused = edits.length > 0 ? await refuseEdit(call, edits) : undefined;
  if (refused !== undefined) return refused;
  return change(call, call.query["attributes"] === undefined ? 204 : 200, intent.value);
};

/** DELETE /Groups/{id} (section 3.6). The people stay. */
export const deleteGroupHandler: Handler = async (call) => {
  const conditions = parsePreconditions(call);
  if (!conditions.ok) return refuse(conditions.error);
  if (!isUuid(call.id)) return refuse(unknownGroup(call.id));
  return answer(call, await deleteRole(call.database, judging(call, conditions.value), call.id), 204);
};

/**
 * The error of operations that would change members in place: noTarget or mutability, by the group as it is before the
 * call. There is nothing that such an operation can do, so nobody has to be held up for the answer.
 */
async function refuseEdit(call: Call, edits: readonly PatchOperation[]): Promise<Reply | undefined> {
  if (!isUuid(call.id)) return undefined;
  const query = { id: call.id, withMembers: true };
  const { caller, found } = await readRole(call.database.sql, call.credential, query, call.now);
  if (found === null) return undefined;
  const patched = applyPatch(toGroup(found, call.baseUrl), edits, groupResourceType);
  return patched.ok ? undefined : { caller, result: patched };
}

async function change(call: Call, status: Success["status"], intent: RoleIntent): Promise<Reply> {
  const projection = parseProjection(call.query, groupResourceType);
  if (!projection.ok) return refuse(projection.error);
  const conditions = parsePreconditions(call);
  if (!conditions.ok) return refuse(conditions.error);
  if (!isUuid(call.id)) return refuse(unknownGroup(call.id));
  return answer(call, await changeRole(call.database, judging(call, conditions.value), call.id, intent), status);
}

/** The call with its conditions, judged in the transaction of the write; without any, nobody looks at the version. */
function judging(call: Call, conditions: Preconditions): RoleCall<ScimError> {
  const { now, requestId, credential } = call;
  const judge = (version: RoleVersion): Result<unknown, ScimError> =>
    judgePreconditions(conditions, groupVersion(version));
  return { now, requestId, credential, ...(isConditional(conditions) ? { judge } : {}) };
}

/** Answers a write; a body is read anew, as the store sees it after the write. */
async function answer(call: Call, outcome: RoleOutcome<ScimError>, status: Success["status"]): Promise<Reply> {
  if (outcome.kind === "callerRefused") return notLetIn(outcome.refusal);
  const caller = ok(outcome.caller);
  if (outcome.kind === "invalid") return { caller, result: err(outcome.error) };
  if (outcome.kind === "refused") return { caller, result: err(toScimError(outcome.refusal)) };
  if (status === 204) return { caller, result: ok({ status }) };
  const read = await readGroup({ ...call, id: outcome.roleId }, undefined);
  if (!read.result.ok) return read;
  const location = `${call.baseUrl}/Groups/${outcome.roleId}`;
  return { caller, result: ok({ ...read.result.value, status, ...(status === 201 ? { location } : {}) }) };
}

/** `conditions` undefined: the answer to a write, which has passed them. */
async function readGroup(call: Call, conditions: Preconditions | undefined): Promise<Reply> {
  const projection = parseProjection(call.query, groupResourceType);
  if (!projection.ok) return refuse(projection.error);
  if (!isUuid(call.id)) return refuse(unknownGroup(call.id));
  const query = { id: call.id, withMembers: isRequested(projection.value, "members") };
  const { caller, found } = await readRole(call.database.sql, call.credential, query, call.now);
  if (found === null) return { caller, result: err(unknownGroup(call.id)) };
  const etag = groupVersion(found);
  const judged = conditions === undefined ? ok("proceed") : judgePreconditions(conditions, etag);
  if (!judged.ok) return { caller, result: judged };
  if (judged.value === "notModified") return { caller, result: ok({ status: 304, etag }) };
  return { caller, result: ok({ status: 200, body: shown(call, found, projection.value), etag }) };
}

/** A role as the answer shows it. */
export function shown(call: Call, role: RoleWithMembers, projection: Projection): ScimResource {
  const group = toGroup(role, call.baseUrl);
  return projection.kind === "default" ? group : project(group, projection);
}

function unknownGroup(id: string): ScimError {
  return toScimError({ kind: "roleNotFound", roleId: id });
}
