import { isUuid, type MemberStep, type RoleIntent } from "@rollcall/db";
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

/** Such an operation holds its filter against every member, while no other organization is answered. */
const filtersMax = 10;

type Fold = ReturnType<typeof rememberingFold>;
type MutableIntent = { name?: string; externalId?: string | null; members: MemberStep[] };

/**
 * Would this operation change a member in place? Nothing of a member can change, so it ends in an error or in nothing; which
 * of them only the group as it is can tell (`applyPatch`).
 */
export function editsMember({ op, path }: PatchOperation): boolean {
  return path.attribute.name === "members" && path.filter !== undefined && op !== "remove";
}

/**
 * Turns a group's PATCH into row-level steps, so that two calls at once lose no member: nobody reads the list, changes it
 * and writes it back. What `editsMember` is left out. Errors: 400 invalidFilter for more than ten operations by another
 * filter than the removal of one id, 400 invalidValue for a removal by what can be nobody's id.
 */
export function toRoleIntent(operations: readonly PatchOperation[]): Result<RoleIntent, ScimError> {
  const intent: MutableIntent = { members: [] };
  const fold = rememberingFold();
  for (const operation of operations) if (!readOperation(operation, intent, fold)) return err(noMemberId);
  const removals = intent.members.filter(({ kind }) => kind === "removeWhere").length;
  if (removals + operations.filter(editsMember).length > filtersMax) {
    const detail = `At most ${filtersMax} operations may choose members by another filter than members[value eq "…"].`;
    return err(badRequest("invalidFilter", detail));
  }
  return ok(intent);
}

const noMemberId = badRequest(
  "invalidValue",
  'What is to be removed from "members" is no id of this service. Send the "id" of the User, a UUID; nothing was changed.',
);

const textValue = z.string();
const references = z.array(z.object({ value: z.string() }));

/** False for a removal by what can be nobody's id: whoever it means would stay, and nobody would hear of it. */
function readOperation(operation: PatchOperation, intent: MutableIntent, fold: Fold): boolean {
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
      const step = stepOf(operation, fold);
      if (step !== undefined) intent.members.push(step);
      return step !== undefined;
    }
    default:
      throw new Error(`No step stands for the attribute ${path.attribute.name}.`);
  }
}

function stepOf({ op, path, value }: PatchOperation, fold: Fold): MemberStep | undefined {
  if (path.filter !== undefined) return removalOf(path.filter, fold);
  const sent = value === undefined ? [] : references.parse(value).map((reference) => reference.value);
  const memberIds = sent.map((text) => keptId(text) ?? text);
  if (op === "add") return { kind: "add", memberIds };
  if (op === "replace" || value === undefined) return { kind: "set", memberIds };
  return memberIds.every(isUuid) ? { kind: "remove", memberIds } : undefined;
}

/** Whom `members[…]` names. One id, as providers send it, is told apart: it can be looked up without reading all members. */
function removalOf(sent: Filter, fold: Fold): MemberStep | undefined {
  const filter = withKeptIds(sent);
  if (filter === undefined) return undefined;
  const memberId = soughtText(filter, "value");
  if (memberId !== undefined) return { kind: "remove", memberIds: [memberId] };
  const matches = (member: { id: string; userName: string }): boolean =>
    matchesFilter(filter, { value: member.id, display: member.userName, type: "User" }, fold);
  return { kind: "removeWhere", terms: countTerms(filter), matches };
}

/** The filter with ids as they are kept; undefined where it asks for an id that can be nobody's. */
function withKeptIds(filter: Filter): Filter | undefined {
  switch (filter.kind) {
    case "and":
    case "or": {
      const [left, right] = [withKeptIds(filter.left), withKeptIds(filter.right)];
      return left && right && { ...filter, left, right };
    }
    case "not": {
      const operand = withKeptIds(filter.operand);
      return operand && { ...filter, operand };
    }
    case "comparison": {
      const { path, operator, value } = filter;
      if (path.attribute.name !== "value" || (operator !== "eq" && operator !== "ne")) return filter;
      const id = typeof value === "string" ? keptId(value) : undefined;
      return id === undefined ? undefined : { ...filter, value: id };
    }
    case "present":
    case "constant":
    case "valuePath":
      return filter;
  }
}

/** The id as it is kept, from a UUID in any letter case. */
function keptId(text: string): string | undefined {
  const id = text.toLowerCase();
  return isUuid(id) ? id : undefined;
}
