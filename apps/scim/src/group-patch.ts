import type { MemberStep, RoleIntent } from "@rollcall/db";
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
 * filter than the removal of one id.
 */
export function toRoleIntent(operations: readonly PatchOperation[]): Result<RoleIntent, ScimError> {
  const intent: MutableIntent = { members: [] };
  const fold = rememberingFold();
  for (const operation of operations) readOperation(operation, intent, fold);
  const removals = intent.members.filter(({ kind }) => kind === "removeWhere").length;
  if (removals + operations.filter(editsMember).length > filtersMax) {
    const detail = `At most ${filtersMax} operations may choose members by another filter than members[value eq "…"].`;
    return err(badRequest("invalidFilter", detail));
  }
  return ok(intent);
}

const textValue = z.string();
const references = z.array(z.object({ value: z.string() }));

function readOperation(operation: PatchOperation, intent: MutableIntent, fold: Fold): void {
  const { op, path, value } = operation;
  switch (path.attribute.name) {
    case "displayName":
      intent.name = textValue.parse(value);
      return;
    case "externalId":
      intent.externalId = op === "remove" ? null : textValue.parse(value) || null;
      return;
    case "members":
      readMembers(operation, intent, fold);
      return;
    default:
      throw new Error(`No step stands for the attribute ${path.attribute.name}.`);
  }
}

function readMembers({ op, path, value }: PatchOperation, intent: MutableIntent, fold: Fold): void {
  const { filter } = path;
  if (filter !== undefined) {
    if (op === "remove") intent.members.push(removalOf(filter, fold));
    return;
  }
  const memberIds = value === undefined ? [] : references.parse(value).map((reference) => reference.value);
  if (op === "add") intent.members.push({ kind: "add", memberIds });
  else if (op === "replace" || value === undefined) intent.members.push({ kind: "set", memberIds });
  else intent.members.push({ kind: "remove", memberIds });
}

/** Whom `members[…]` names. One id, as providers send it, is told apart: it can be looked up without reading all members. */
function removalOf(filter: Filter, fold: Fold): MemberStep {
  const memberId = soughtText(filter, "value");
  if (memberId !== undefined) return { kind: "remove", memberIds: [memberId] };
  const matches = (member: { id: string; userName: string }): boolean =>
    matchesFilter(filter, { value: member.id, display: member.userName, type: "User" }, fold);
  return { kind: "removeWhere", terms: countTerms(filter), matches };
}
