import { addMember, isUuid, readMember, writeMember, type Intent, type MemberRow } from "@rollcall/db";
import { fromUser, toUser, userVersion } from "@rollcall/domain";
import {
  applyPatch,
  err,
  judgePreconditions,
  attributeOf,
  namesAttribute,
  normalizeUser,
  ok,
  parsePatchRequest,
  patchOperationsOn,
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
import {
  refuseCaller,
  refuse,
  type ScimRequest,
  type Handler,
  type HandlerResult,
  type Success,
} from "../http/handler.ts";
import { toScimError } from "../http/scim-error.ts";

/** GET /Users/{id} (sections 3.4.1 and 3.14). */
export const readUserHandler: Handler = async (request) => {
  const projection = parseProjection(request.query, userResourceType);
  if (!projection.ok) return refuse(projection.error);
  const conditions = parsePreconditions(request);
  if (!conditions.ok) return refuse(conditions.error);
  if (!isUuid(request.id)) return refuse(unknownUser(request.id));
  const { caller, found } = await readMember(request.database.sql, request.credential, request.id, request.now);
  if (found === null) return { caller, result: err(unknownUser(request.id)) };
  const etag = userVersion(found);
  const judged = judgePreconditions(conditions.value, etag);
  if (!judged.ok) return { caller, result: judged };
  if (judged.value === "notModified") return { caller, result: ok({ status: 304, etag }) };
  return { caller, result: ok(userResponse(request, found, projection.value)) };
};

/** POST /Users (section 3.3). */
export const createUserHandler: Handler = async (request) => {
  const projection = parseProjection(request.query, userResourceType);
  if (!projection.ok) return refuse(projection.error);
  const resource = parseResource(request.body, userResourceType, request.quirks);
  if (!resource.ok) return refuse(resource.error);
  const { caller, added } = await addMember(request.database, request.credential, fromUser(resource.value), request);
  if (!caller.ok) return refuseCaller(caller.error);
  if (added === undefined) throw new Error("A caller was let in and nothing was decided.");
  if (!added.ok) return { caller, result: err(toScimError(added.error)) };
  const location = `${request.baseUrl}/Users/${added.value.id}`;
  return { caller, result: ok({ ...userResponse(request, added.value, projection.value), status: 201, location }) };
};

/**
 * PUT /Users/{id} (section 3.5.1). Clears attributes missing from the body, except `active` and the anchor externalId,
 * which only null, [] and "" clear.
 */
export const replaceUserHandler: Handler = async (request) => {
  const resource = parseResource(request.body, userResourceType, request.quirks);
  if (!resource.ok && isDeactivation(resource.error, request.body)) return write(request, deactivation);
  if (!resource.ok) return refuse(resource.error);
  const keepsExternalId = !namesAttribute(request.body, "externalId");
  return write(request, (member) => {
    const input = fromUser(normalizeUser(resource.value, member, request.quirks));
    return ok({ kind: "change", input: keepsExternalId ? { ...input, externalId: member.externalId } : input });
  });
};

/**
 * PATCH /Users/{id} (section 3.5.2): all operations or none, except that a deactivation waits for none. A PATCH without
 * operations on known attributes returns the User and writes nothing.
 */
export const patchUserHandler: Handler = async (request) => {
  const operations = parsePatchRequest(request.body, userResourceType, request.id, request.quirks);
  if (!operations.ok && isDeactivationByPatch(operations.error, request.body)) return write(request, deactivation);
  if (!operations.ok) return refuse(operations.error);
  if (operations.value.length === 0) return readUserHandler(request);
  return write(request, (member) => {
    const patched = applyPatch(toUser(member, request.baseUrl), operations.value, userResourceType);
    if (!patched.ok) return patched;
    const resource = parseResource(patched.value, userResourceType);
    if (!resource.ok && isDeactivation(resource.error, patched.value)) return deactivation(member);
    if (!resource.ok) return resource;
    return ok({ kind: "change", input: fromUser(normalizeUser(resource.value, member, request.quirks)) });
  });
};

/** Whether a body that is refused for a value deactivates, which waits for nothing else in it (docs/design.md, rule 7). */
function isDeactivation({ scimType }: ScimError, body: unknown): boolean {
  return scimType === "invalidValue" && attributeOf(body, userResourceType, "active") === false;
}

/** The same of the operations of a PATCH. */
function isDeactivationByPatch({ scimType }: ScimError, body: unknown): boolean {
  return scimType === "invalidValue" && patchOperationsOn(body, userResourceType, "active").at(-1)?.value === false;
}

/** Ends the access, with all other values as they are. */
const deactivation: Intend = (member) => ok({ kind: "change", input: { ...member, active: false } });

/** DELETE /Users/{id} (section 3.6). */
export const deleteUserHandler: Handler = (request) => write(request, () => ok({ kind: "delete" }));

type Intend = (member: MemberRow) => Result<Intent, ScimError>;

/** The preconditions of section 3.14 are judged for the row version that is then saved. */
async function write(request: ScimRequest, intend: Intend): Promise<HandlerResult> {
  const projection = parseProjection(request.query, userResourceType);
  if (!projection.ok) return refuse(projection.error);
  const conditions = parsePreconditions(request);
  if (!conditions.ok) return refuse(conditions.error);
  if (!isUuid(request.id)) return refuse(unknownUser(request.id));
  const { database, credential, id, now, requestId } = request;
  const isDeletion = request.method === "DELETE";
  const judgeAndIntend: Intend = (member) => {
    const judged = judgePreconditions(conditions.value, userVersion(member));
    return judged.ok ? intend(member) : judged;
  };
  const outcome = await writeMember(database, { credential, id, now, requestId, intend: judgeAndIntend });
  switch (outcome.kind) {
    case "callerRefused":
      return refuseCaller(outcome.refusal);
    case "invalid":
      return { caller: ok(outcome.caller), result: err(outcome.error) };
    case "refused":
      return { caller: ok(outcome.caller), result: err(toScimError(outcome.refusal)) };
    case "saved":
      return {
        caller: ok(outcome.caller),
        result: ok(isDeletion ? { status: 204 } : userResponse(request, outcome.member, projection.value)),
      };
  }
}

function userResponse(request: ScimRequest, member: MemberRow, projection: Projection): Success {
  return { status: 200, body: shown(request, member, projection), etag: userVersion(member) };
}

/** A member as a SCIM User. */
export function shown(request: ScimRequest, member: MemberRow, projection: Projection): ScimResource {
  const user = toUser(member, request.baseUrl);
  return projection.kind === "default" ? user : project(user, projection);
}

function unknownUser(id: string): ScimError {
  return toScimError({ kind: "memberNotFound", memberId: id });
}
