import {
  addRole,
  changeRole,
  deleteRole,
  groupColumns,
  isUuid,
  listGroups,
  readRole,
  type RoleIntent,
  type RoleOutcome,
  type RoleWithMembers,
} from "@rollcall/db";
import { fromGroup, toGroup } from "@rollcall/domain";
import {
  err,
  groupResourceType,
  isRequested,
  listResponse,
  ok,
  parsePatchRequest,
  parseProjection,
  parseResource,
  project,
  type Projection,
  type ScimError,
  type ScimResource,
} from "@rollcall/scim-protocol";
import { notLetIn, refuse, type Call, type Handler, type Reply, type Success } from "./call.ts";
import { toRoleIntent } from "./group-patch.ts";
import { parseQuery } from "./query.ts";
import { toScimError } from "./scim-error.ts";

/** GET /Groups (RFC 7644 section 3.4.2). Members are read only where the answer shows them. */
export const listGroupsHandler: Handler = async (call) => {
  const query = parseQuery(call.query, groupResourceType, groupColumns(call.baseUrl));
  if (!query.ok) return refuse(query.error);
  const { filter, paging, order, projection } = query.value;
  const window = { offset: paging.offset, limit: paging.count };
  const withMembers = isRequested(projection, "members");
  const wish = { filter, order, window, withMembers, baseUrl: call.baseUrl };
  const { caller, found } = await listGroups(call.database.sql, call.credential, wish, call.now);
  const groups = found.rows.map((role) => shown(call, role, projection));
  const page = { totalResults: found.total, startIndex: paging.startIndex };
  return { caller, result: ok({ status: 200, body: listResponse(groups, page) }) };
};

/** GET /Groups/{id} (section 3.4.1). */
export const readGroupHandler: Handler = async (call) => {
  const projection = parseProjection(call.query, groupResourceType);
  if (!projection.ok) return refuse(projection.error);
  if (!isUuid(call.id)) return refuse(unknownGroup(call.id));
  const query = { id: call.id, withMembers: isRequested(projection.value, "members") };
  const { caller, found } = await readRole(call.database.sql, call.credential, query, call.now);
  if (found === null) return { caller, result: err(unknownGroup(call.id)) };
  return { caller, result: ok({ status: 200, body: shown(call, found, projection.value) }) };
};

/** POST /Groups (section 3.3). */
export const createGroupHandler: Handler = async (call) => {
  const projection = parseProjection(call.query, groupResourceType);
  if (!projection.ok) return refuse(projection.error);
  const resource = parseResource(call.body, groupResourceType);
  if (!resource.ok) return refuse(resource.error);
  const { displayName, externalId, memberIds = [] } = fromGroup(resource.value);
  const outcome = await addRole(call.database, call, { name: displayName, externalId, memberIds });
  return answer(call, outcome, 201);
};

/** PUT /Groups/{id} (section 3.5.1). Members that the body does not speak of stay, and so does the externalId. */
export const replaceGroupHandler: Handler = async (call) => {
  const resource = parseResource(call.body, groupResourceType);
  if (!resource.ok) return refuse(resource.error);
  const { displayName, externalId, memberIds } = fromGroup(resource.value);
  return change(call, 200, {
    name: displayName,
    ...(externalId === null ? {} : { externalId }),
    members: memberIds === undefined ? [] : [{ kind: "set", memberIds }],
  });
};

/** PATCH /Groups/{id} (section 3.5.2): 204, or 200 where the client asks for attributes. */
export const patchGroupHandler: Handler = async (call) => {
  const operations = parsePatchRequest(call.body, groupResourceType, call.id);
  if (!operations.ok) return refuse(operations.error);
  const intent = toRoleIntent(operations.value);
  if (!intent.ok) return refuse(intent.error);
  return change(call, call.query["attributes"] === undefined ? 204 : 200, intent.value);
};

/** DELETE /Groups/{id} (section 3.6). The people stay. */
export const deleteGroupHandler: Handler = async (call) => {
  if (!isUuid(call.id)) return refuse(unknownGroup(call.id));
  return answer(call, await deleteRole(call.database, call, call.id), 204);
};

async function change(call: Call, status: Success["status"], intent: RoleIntent): Promise<Reply> {
  const projection = parseProjection(call.query, groupResourceType);
  if (!projection.ok) return refuse(projection.error);
  if (!isUuid(call.id)) return refuse(unknownGroup(call.id));
  return answer(call, await changeRole(call.database, call, call.id, intent), status);
}

/** Answers a write; a body is read anew, as the store sees it after the write. */
async function answer(call: Call, outcome: RoleOutcome, status: Success["status"]): Promise<Reply> {
  if (outcome.kind === "callerRefused") return notLetIn(outcome.refusal);
  const caller = ok(outcome.caller);
  if (outcome.kind === "refused") return { caller, result: err(toScimError(outcome.refusal)) };
  if (status === 204) return { caller, result: ok({ status }) };
  const read = await readGroupHandler({ ...call, id: outcome.roleId });
  if (!read.result.ok) return read;
  const location = `${call.baseUrl}/Groups/${outcome.roleId}`;
  return { caller, result: ok({ ...read.result.value, status, ...(status === 201 ? { location } : {}) }) };
}

function shown(call: Call, role: RoleWithMembers, projection: Projection): ScimResource {
  const group = toGroup(role, call.baseUrl);
  return projection.kind === "default" ? group : project(group, projection);
}

function unknownGroup(id: string): ScimError {
  return toScimError({ kind: "roleNotFound", roleId: id });
}
