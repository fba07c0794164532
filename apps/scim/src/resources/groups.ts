import {
  addRole,
  changeRole,
  deleteRole,
  isUuid,
  moreMembers,
  readRole,
  type Database,
  type RoleRequest,
  type RoleIntent,
  type RoleOutcome,
  type RoleVersion,
  type RoleWithMembers,
} from "@rollcall/db";
import { fromGroup, groupVersion, toGroup, type GroupInput } from "@rollcall/domain";
import {
  applyPatch,
  badRequest,
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
import {
  refuseCaller,
  refuse,
  type ScimRequest,
  type Handler,
  type HandlerResult,
  type Success,
} from "../http/handler.ts";
import { editsMember, keptId, toRoleIntent } from "./group-patch.ts";
import { StreamedList } from "../http/json-stream.ts";
import { toScimError } from "../http/scim-error.ts";

/** GET /Groups/{id} (sections 3.4.1 and 3.14). */
export const readGroupHandler: Handler = (request) => {
  const conditions = parsePreconditions(request);
  if (!conditions.ok) return refuse(conditions.error);
  return request.largeReads.run(request.holder, () => readGroup(request, conditions.value));
};

/** POST /Groups (section 3.3). */
export const createGroupHandler: Handler = async (request) => {
  const projection = parseProjection(request.query, groupResourceType);
  if (!projection.ok) return refuse(projection.error);
  const resource = parseResource(request.body, groupResourceType, request.quirks);
  if (!resource.ok) return refuse(resource.error);
  const { displayName, externalId, memberIds = [] } = readGroupBody(resource.value);
  const outcome = await addRole(request.database, request, { name: displayName, externalId, memberIds });
  return respond(request, outcome, 201);
};

/** PUT /Groups/{id} (section 3.5.1). Members and externalId stay unchanged if the body does not contain them. */
export const replaceGroupHandler: Handler = async (request) => {
  const resource = parseResource(request.body, groupResourceType, request.quirks);
  if (!resource.ok) return refuse(resource.error);
  const { displayName, externalId, memberIds } = readGroupBody(resource.value);
  return change(request, 200, {
    name: displayName,
    ...(namesAttribute(request.body, "externalId") ? { externalId } : {}),
    members: memberIds === undefined ? [] : [{ kind: "set", memberIds }],
  });
};

/** The Group with the normalized ids of its members. */
function readGroupBody(resource: ScimResource): GroupInput {
  const group = fromGroup(resource);
  return { ...group, memberIds: group.memberIds?.map((id) => keptId(id) ?? id) };
}

/**
 * PATCH /Groups/{id} (section 3.5.2): 204, or 200 if the client requests attributes. A PATCH without operations on
 * known attributes returns the Group and writes nothing.
 */
export const patchGroupHandler: Handler = async (request) => {
  const operations = parsePatchRequest(request.body, groupResourceType, request.id, request.quirks);
  if (!operations.ok) return refuse(operations.error);
  if (operations.value.length === 0) return readGroupHandler(request);
  const intent = toRoleIntent(operations.value, request.baseUrl);
  if (!intent.ok) return refuse(intent.error);
  const edits = operations.value.filter(editsMember);
  const refused = edits.length > 0 ? await refuseEdit(request, edits) : undefined;
  if (refused !== undefined) return refused;
  return change(request, request.query["attributes"] === undefined ? 204 : 200, intent.value);
};

/** DELETE /Groups/{id} (section 3.6). The members stay in the organization. */
export const deleteGroupHandler: Handler = async (request) => {
  const conditions = parsePreconditions(request);
  if (!conditions.ok) return refuse(conditions.error);
  if (!isUuid(request.id)) return refuse(unknownGroup(request.id));
  return respond(request, await deleteRole(request.database, judging(request, conditions.value), request.id), 204);
};

/**
 * The error of operations that would change members in place: noTarget or mutability, judged by the group before the
 * request. Such an operation has no effect, so the check needs no lock.
 */
async function refuseEdit(request: ScimRequest, edits: readonly PatchOperation[]): Promise<HandlerResult | undefined> {
  if (!isUuid(request.id)) return undefined;
  const { sql } = request.database;
  const { caller, found } = await readRole(sql, request.credential, { id: request.id, withMembers: true }, request.now);
  if (found === null) return undefined;
  const members = await allMembers(sql, found);
  if (members === undefined) return { caller, result: err(tooManyMembers) };
  const patched = applyPatch(toGroup({ ...found, members }, request.baseUrl), edits, groupResourceType);
  return patched.ok ? undefined : { caller, result: patched };
}

/** In memory, for a few operations that no known provider sends. */
const judgedMembersMax = 100_000;
const tooManyMembers = badRequest(
  "tooMany",
  `An operation on the values of members is only possible in a group of up to ${judgedMembersMax.toLocaleString("en")}; nothing was changed.`,
);

/** Undefined if there are too many. */
async function allMembers(sql: Database["sql"], role: RoleWithMembers): Promise<RoleWithMembers["members"]> {
  const members = [...(role.members ?? [])];
  for await (const page of moreMembers(sql, role)) {
    members.push(...page);
    if (members.length > judgedMembersMax) return undefined;
  }
  return members;
}

async function change(request: ScimRequest, status: Success["status"], intent: RoleIntent): Promise<HandlerResult> {
  const projection = parseProjection(request.query, groupResourceType);
  if (!projection.ok) return refuse(projection.error);
  const conditions = parsePreconditions(request);
  if (!conditions.ok) return refuse(conditions.error);
  if (!isUuid(request.id)) return refuse(unknownGroup(request.id));
  return respond(
    request,
    await changeRole(request.database, judging(request, conditions.value), request.id, intent),
    status,
  );
}

/** The request with its preconditions, judged in the transaction of the write; without any, the version is not read. */
function judging(request: ScimRequest, conditions: Preconditions): RoleRequest<ScimError> {
  const { now, requestId, credential } = request;
  const judge = (version: RoleVersion): Result<unknown, ScimError> =>
    judgePreconditions(conditions, groupVersion(version));
  return { now, requestId, credential, ...(isConditional(conditions) ? { judge } : {}) };
}

/** The result of a write; a body is read again after the write. */
async function respond(
  request: ScimRequest,
  outcome: RoleOutcome<ScimError>,
  status: Success["status"],
): Promise<HandlerResult> {
  if (outcome.kind === "callerRefused") return refuseCaller(outcome.refusal);
  const caller = ok(outcome.caller);
  if (outcome.kind === "invalid") return { caller, result: err(outcome.error) };
  if (outcome.kind === "refused") return { caller, result: err(toScimError(outcome.refusal)) };
  if (status === 204) return { caller, result: ok({ status }) };
  const read = await readGroup({ ...request, id: outcome.roleId }, undefined);
  if (!read.result.ok) return read;
  const location = `${request.baseUrl}/Groups/${outcome.roleId}`;
  return { caller, result: ok({ ...read.result.value, status, ...(status === 201 ? { location } : {}) }) };
}

/** `conditions` is undefined after a write, which has checked them. */
async function readGroup(request: ScimRequest, conditions: Preconditions | undefined): Promise<HandlerResult> {
  const projection = parseProjection(request.query, groupResourceType);
  if (!projection.ok) return refuse(projection.error);
  if (!isUuid(request.id)) return refuse(unknownGroup(request.id));
  const query = { id: request.id, withMembers: isRequested(projection.value, "members") };
  const { caller, found } = await readRole(request.database.sql, request.credential, query, request.now);
  if (found === null) return { caller, result: err(unknownGroup(request.id)) };
  const etag = groupVersion(found);
  const judged = conditions === undefined ? ok("proceed") : judgePreconditions(conditions, etag);
  if (!judged.ok) return { caller, result: judged };
  if (judged.value === "notModified") return { caller, result: ok({ status: 304, etag }) };
  return { caller, result: ok({ status: 200, body: shown(request, found, projection.value), etag }) };
}

/** A role as a SCIM Group; the members after the first ones are read while it is sent. */
export function shown(request: ScimRequest, role: RoleWithMembers, projection: Projection): ScimResource {
  const show = (members: RoleWithMembers["members"]): ScimResource => {
    const group = toGroup({ ...role, members }, request.baseUrl);
    return projection.kind === "default" ? group : project(group, projection);
  };
  const group = show(role.members);
  if (!role.hasMoreMembers) return group;
  const rest = inTurns(request, moreMembers(request.database.sql, role), (page) => membersOf(show(page)));
  return { ...group, members: new StreamedList(membersOf(group), rest) };
}

function membersOf({ members }: ScimResource): readonly unknown[] {
  return Array.isArray(members) ? members : [];
}

/** Each page is read in a slot of the organization, which is free while the client reads. */
async function* inTurns<T, R>(
  { largeReads, holder }: ScimRequest,
  pages: AsyncIterator<T>,
  show: (page: T) => R,
): AsyncGenerator<R> {
  for (;;) {
    const page = await largeReads.run(holder, () => pages.next(), true);
    if (page.done === true) return;
    yield show(page.value);
  }
}

function unknownGroup(id: string): ScimError {
  return toScimError({ kind: "roleNotFound", roleId: id });
}
