import { anyId, isUuid } from "../store/id.ts";
import { checkMembersPush, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { newOwners, noticeOwners } from "../account/security-notice.ts";
import { applyMappings, applyPending } from "../role-mapping/role-mapping.ts";
import { endMappingsOf } from "../role-mapping/role-mapping-end.ts";
import type { RoleRow } from "../role/role-columns.ts";
import { inSlices } from "../store/slices.ts";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";
import { saveGrants, type NamedMember } from "./role-grants.ts";
import {
  allHolders,
  countInRole,
  groupsById,
  lockMembers,
  membersById,
  notYetIn,
  shownInRole,
  type RoleKey,
} from "./role-people.ts";
import type { ShownMember } from "./shown-members.ts";

/**
 * One change of the members that the directory has put into a role. `removeWhere` tests the current members; `terms`:
 * the maximum of comparisons that `matches` makes per person.
 */
export type MemberStep =
  | { readonly kind: "add" | "remove" | "set"; readonly memberIds: readonly string[] }
  | { readonly kind: "removeWhere"; readonly terms: number; readonly matches: (member: ShownMember) => boolean };

type StepRefusal = Refusal<"roleNotLinked" | "membersUnknown" | "groupsAsMembers" | "memberFiltersTooCostly">;

/** The maximum of comparisons by the steps of one request: about 200 ms, in slices. */
const memberComparisonsMax = 1_000_000;

/** Whether a person may lose the role by these steps. */
export function mayTakeMembers(steps: readonly MemberStep[]): boolean {
  return steps.some(({ kind }) => kind !== "add");
}

/**
 * Applies the steps to a locked role. Computes the outcome first and then saves it once: people are locked once and in
 * the order of their ids, so that two pushes cannot deadlock, and a person who is removed and added again in one
 * request loses nothing. Applies the owners' mappings of the group too. Returns how many people lost a role.
 */
export async function applyMemberSteps(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  steps: readonly MemberStep[],
): Promise<Result<number, StepRefusal>> {
  const meant = steps.filter((step) => step.kind === "set" || step.kind === "removeWhere" || step.memberIds.length > 0);
  if (meant.length === 0) return ok(0);
  const allowed = checkMembersPush(role);
  if (!allowed.ok) return allowed;
  const outcome = await outcomeOf(tx, context, role, meant);
  if (!outcome.ok) return outcome;
  const { others, joining, leaving } = outcome.value;
  const { organizationId } = context;
  const people = await tx.run(lockMembers, { organizationId, ids: [...others.filter(isUuid), ...leaving] });
  const peopleById = new Map(people.map((one) => [one.id, one]));
  const unknown = await unknownOf(tx, context, { ids: others.filter((id) => !peopleById.has(id)), leaving });
  if (unknown.length > 0) return err(await whyUnknown(tx, context, unknown));
  const known = (ids: readonly string[]): Person[] => ids.flatMap((id) => peopleById.get(id) ?? []);
  const grants = { joining: known(joining), leaving: known(leaving), takes: "group" } as const;
  if (people[0]?.isMappingPending === true) await applyPending(tx, context, [...joining, ...leaving]);
  const owners = role.kind === "owner" ? await tx.run(notYetIn, { organizationId, roleId: role.id, ids: joining }) : [];
  const { lost, isMapped } = await saveGrants(tx, context, role, grants);
  if (owners.length > 0) await noticeOwners(tx, context, newOwners(owners.map(({ name }) => name)));
  if (!isMapped) return ok(lost);
  return ok(lost + (await applyMappings(tx, context, { memberIds: [...joining, ...leaving], group: role.name })));
}

/**
 * Those of the ids for which a request is refused. Nobody keeps a role because the directory still names somebody who was
 * removed in Rollcall (docs/design.md section 3, rule 7): where others lose it, such ids are ignored.
 */
async function unknownOf(
  { db }: Queryable,
  { organizationId }: WriteContext,
  { ids, leaving }: { readonly ids: readonly string[]; readonly leaving: readonly string[] },
): Promise<readonly string[]> {
  if (ids.length === 0 || leaving.length === 0) return ids;
  const removed = await db
    .selectFrom("member")
    .where("organizationId", "=", organizationId)
    .where("id", "=", anyId(ids.filter(isUuid)))
    .where("isDeleted", "=", true)
    .select("id")
    .execute();
  const known = new Set(removed.map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
}

/** The number of ids to check for groups; a refusal names only a few. */
const lookedUpMax = 1000;

async function whyUnknown(
  tx: Queryable,
  { organizationId }: WriteContext,
  memberIds: readonly string[],
): Promise<Refusal<"membersUnknown" | "groupsAsMembers">> {
  const ids = memberIds.slice(0, lookedUpMax).filter(isUuid);
  const groupIds = (await tx.run(groupsById, { organizationId, ids })).map(({ id }) => id);
  return groupIds.length > 0 ? { kind: "groupsAsMembers", groupIds } : { kind: "membersUnknown", memberIds };
}

/** `others`: the people to add who may not have the role yet. */
type StepsOutcome = Readonly<Record<"others" | "joining" | "leaving", readonly string[]>>;

/**
 * Computes the outcome of the steps. Steps with explicit ids need no read of the role: saving ignores people who
 * already have or lack the role.
 */
async function outcomeOf(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  steps: readonly MemberStep[],
): Promise<Result<StepsOutcome, Refusal<"memberFiltersTooCostly">>> {
  const { organizationId } = context;
  const named = idsOf(steps, ["add", "set"]);
  const costly = await tooCostly(tx, { organizationId, roleId: role.id }, steps, named.length);
  if (costly !== undefined) return err(costly);
  const isNamed = steps.every(({ kind }) => kind === "add" || kind === "remove");
  const peopleById = new Map<string, Person>();
  if (!isNamed)
    for (const one of await tx.run(shownInRole, { organizationId, roleId: role.id })) peopleById.set(one.id, one);
  const before = isNamed ? idsOf(steps, ["remove"]).filter(isUuid) : [...peopleById.keys()];
  const others = named.filter((id) => !peopleById.has(id));
  if (steps.some(({ kind }) => kind === "removeWhere"))
    for (const one of await tx.run(membersById, { organizationId, ids: others.filter(isUuid) }))
      peopleById.set(one.id, one);
  const after = await membersAfter(steps, new Set(before), peopleById);
  return ok({
    others,
    joining: others.filter((id) => after.has(id)),
    leaving: before.filter((id) => !after.has(id)),
  });
}

/** Refuses filters with too many comparisons; `named`: people whom other steps add. Reads no member. */
async function tooCostly(
  tx: Queryable,
  roleKey: RoleKey,
  steps: readonly MemberStep[],
  named: number,
): Promise<Refusal<"memberFiltersTooCostly"> | undefined> {
  const terms = steps.reduce((sum, step) => sum + (step.kind === "removeWhere" ? step.terms : 0), 0);
  if (terms === 0) return undefined;
  const [row] = await tx.run(countInRole, roleKey);
  const members = (row?.count ?? 0) + named;
  const isCostly = terms * members > memberComparisonsMax;
  return isCostly ? { kind: "memberFiltersTooCostly", terms, members, limit: memberComparisonsMax } : undefined;
}

/** The unique ids in steps of these kinds. */
function idsOf(steps: readonly MemberStep[], kinds: readonly MemberStep["kind"][]): string[] {
  const named = steps.filter(({ kind }) => kinds.includes(kind));
  return [...new Set(named.flatMap((step) => ("memberIds" in step ? step.memberIds : [])))];
}

/** The people with the role after the steps. */
async function membersAfter(
  steps: readonly MemberStep[],
  before: ReadonlySet<string>,
  peopleById: ReadonlyMap<string, Person>,
): Promise<ReadonlySet<string>> {
  const ids = new Set(before);
  for (const step of steps) {
    if (step.kind === "set") ids.clear();
    if (step.kind === "remove") await inSlices(step.memberIds, (id) => ids.delete(id));
    else if (step.kind !== "removeWhere") await inSlices(step.memberIds, (id) => ids.add(id));
    else {
      await inSlices(ids, (id) => {
        const person = peopleById.get(id);
        if (person === undefined || step.matches(person)) ids.delete(id);
      });
    }
  }
  return ids;
}

/**
 * Revokes all grants of a role that ends, from any source, after removing its mappings with their grants; returns how
 * many people had it. SCIM writes must be blocked.
 */
export async function dropAllGrants(tx: Queryable, context: WriteContext, role: RoleRow): Promise<number> {
  const { organizationId } = context;
  const leaving = await tx.run(allHolders, { organizationId, roleId: role.id });
  const memberIds = leaving.map(({ id }) => id);
  const people = await tx.run(lockMembers, { organizationId, ids: memberIds });
  if (people[0]?.isMappingPending === true) await applyPending(tx, context, memberIds);
  if (await endMappingsOf(tx, context, role)) await applyMappings(tx, context, { memberIds, group: role.name });
  await saveGrants(tx, context, role, { joining: [], leaving, takes: "any" });
  return leaving.length;
}

type Person = NamedMember & ShownMember;
