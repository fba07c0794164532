import { isUuid, type MemberStep, type RoleIntent } from "@rollcall/db";
import { toReference, type GroupMember } from "@rollcall/domain";
import {
  badRequest,
  countTerms,
  err,
  matchesFilter,
  ok,
  rememberingFold,
  type Filter,
  type PatchOperation,
  type Result,
  type ScimError,
} from "@rollcall/scim-protocol";
import { z } from "zod";
import { soughtText } from "./query.ts";

/** Such an operation compares its filter with every member, and blocks other organizations meanwhile. */
const filtersMax = 10;

/** The context for matching filters against members; `baseUrl` is the prefix of their `$ref`. */
type Matching = { readonly fold: ReturnType<typeof rememberingFold>; readonly baseUrl: string };
type MutableIntent = { name?: string; externalId?: string | null; members: MemberStep[] };

/**
 * Whether this operation would change a member in place. Members have no mutable attributes, so it ends in an error or
 * has no effect, depending on the current group (`applyPatch`).
 */
export function editsMember({ op, path }: PatchOperation): boolean {
  return path.attribute.name === "members" && path.filter !== undefined && op !== "remove";
}

/**
 * Turns a group's PATCH into row-level steps, so that concurrent requests lose no member: the list is never read,
 * changed and written back. Operations matched by `editsMember` are left out. Errors: 400 invalidFilter for more than
 * ten operations with a filter other than the removal of one id, 400 invalidValue for a removal by an impossible id.
 */
export function toRoleIntent(operations: readonly PatchOperation[], baseUrl: string): Result<RoleIntent, ScimError> {
  const intent: MutableIntent = { members: [] };
  const matching = { fold: rememberingFold(), baseUrl };
  for (const operation of operations) if (!readOperation(operation, intent, matching)) return err(noMemberId);
  const removals = intent.members.filter(({ kind }) => kind === "removeWhere").length;
  if (removals + operations.filter(editsMember).length > filtersMax) {
    const detail = `At most ${filtersMax} operations may choose members by another filter than members[value eq "…"].`;
    return err(badRequest("invalidFilter", detail));
  }
  return ok(intent);
}

const noMemberId = badRequest(
  "invalidValue",
  'A value to remove from "members" is not an id of this service. Send the "id" of the User, a UUID; nothing was changed.',
);

const textValue = z.string();
const references = z.array(z.object({ value: z.string() }));

/** False for a removal by an impossible id: the intended member would stay without an error. */
function readOperation(operation: PatchOperation, intent: MutableIntent, matching: Matching): boolean {
  const { op, path, value } = operation;
  switch (path.attribute.name) {
    case "displayName":
      intent.name = textValue.parse(value);
      return true;
    case "externalId":
      intent.externalId = op === "remove" ? null : textValue.parse(value) || null;
      return true;
    case "members": {
      if (editsMember(operation)) return true;
      const step = stepOf(operation, matching);
      if (step !== undefined) intent.members.push(step);
      return step !== undefined;
    }
    default:
      throw new Error(`No step stands for the attribute ${path.attribute.name}.`);
  }
}

function stepOf({ op, path, value }: PatchOperation, matching: Matching): MemberStep | undefined {
  if (path.filter !== undefined) return removalOf(path.filter, matching);
  const sent = value === undefined ? [] : references.parse(value).map((reference) => reference.value);
  const memberIds = sent.map((text) => keptId(text) ?? text);
  if (op === "add") return { kind: "add", memberIds };
  if (op === "replace" || value === undefined) return { kind: "set", memberIds };
  return memberIds.every(isUuid) ? { kind: "remove", memberIds } : undefined;
}

/**
 * The step for `members[…]`. A single id, as providers send it, is separate: it can be looked up without reading all
 * members.
 */
function removalOf(sent: Filter, { fold, baseUrl }: Matching): MemberStep | undefined {
  const filter = withKeptIds(sent, baseUrl);
  if (filter === undefined) return undefined;
  const memberId = soughtText(filter, "value");
  if (memberId !== undefined) return { kind: "remove", memberIds: [memberId] };
  const matches = (member: GroupMember): boolean => matchesFilter(filter, toReference(member, baseUrl), fold);
  return { kind: "removeWhere", terms: countTerms(filter), matches };
}

/** The filter with normalized ids; undefined if it compares with an impossible id or `$ref`. */
function withKeptIds(filter: Filter, baseUrl: string): Filter | undefined {
  switch (filter.kind) {
    case "and":
    case "or": {
      const [left, right] = [withKeptIds(filter.left, baseUrl), withKeptIds(filter.right, baseUrl)];
      return left && right && { ...filter, left, right };
    }
    case "not": {
      const operand = withKeptIds(filter.operand, baseUrl);
      return operand && { ...filter, operand };
    }
    case "comparison": {
      const { path, operator, value } = filter;
      const { name } = path.attribute;
      if ((name !== "value" && name !== "$ref") || (operator !== "eq" && operator !== "ne")) return filter;
      const prefix = name === "value" ? "" : `${baseUrl}/Users/`;
      if (typeof value !== "string" || !value.startsWith(prefix)) return undefined;
      const id = keptId(value.slice(prefix.length));
      return id === undefined ? undefined : { ...filter, value: prefix + id };
    }
    case "present":
    case "constant":
    case "valuePath":
      return filter;
  }
}

/** The normalized id, from a UUID in any letter case. */
export function keptId(text: string): string | undefined {
  const id = text.toLowerCase();
  return isUuid(id) ? id : undefined;
}
