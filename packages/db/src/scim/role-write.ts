import { checkScimDeletion, checkMembersPush, renameByScim, type Refusal } from "@rollcall/domain";
import { err, foldText, ok, type Result } from "@rollcall/scim-protocol";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { checkGuard, readTaken, type GuardLoss } from "../guard/guard-check.ts";
import { recordStopped } from "../guard/guard-hold.ts";
import { otherActiveOwners } from "../member/active-owners.ts";
import type { RoleRow } from "../role/role-columns.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement } from "../store/statement.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { contextOf, type Caller, type CallerRefusal } from "./caller.ts";
import { applyMemberSteps, dropAllGrants, mayTakeMembers, type MemberStep } from "./role-members.ts";
import { readMembersTag } from "./shown-members.ts";
import { factsOf, refusalOfIndex, type RoleRefusal } from "./role-refusal.ts";
import { openRole, type OpenedRole, type RoleAct, type RoleRequest } from "./role-open.ts";
import { nameRole } from "../role/role-name.ts";
import { newId, nilId } from "../store/id.ts";

/** The requested change of a role. Undefined: unchanged. The steps are applied in order, all or none. */
export type RoleIntent = {
  readonly name?: string;
  readonly externalId?: string | null;
  readonly members: readonly MemberStep[];
};

/** `invalid`: the request's version precondition failed. */
export type RoleOutcome<E = never> =
  | { readonly kind: "callerRefused"; readonly refusal: CallerRefusal }
  | { readonly kind: "invalid"; readonly caller: Caller; readonly error: E }
  | {
      readonly kind: "refused";
      readonly caller: Caller;
      readonly refusal: RoleRefusal;
      /** The losses that the guard has refused; undefined for any other refusal. */
      readonly losses?: readonly GuardLoss[];
    }
  | { readonly kind: "saved"; readonly caller: Caller; readonly roleId: string };

/** POST /Groups: a custom role of the directory's, with no permissions yet. */
export function addRole(
  database: Database,
  request: RoleRequest,
  input: { readonly name: string; readonly externalId: string | null; readonly memberIds: readonly string[] },
): Promise<RoleOutcome> {
  const id = newId();
  const subject = { kind: "role", id, name: input.name } as const;
  const { externalId } = input;
  const attempt = { subject, kind: "role.created", act: "give", externalId } as const;
  return inRoleTransaction(database, request, attempt, async (tx, context) => {
    const named = nameRole(input.name);
    if (!named.ok) return named;
    const { organizationId, now } = context;
    const key = { organizationId, id, name: input.name, nameKey: foldText(input.name), externalId };
    const kind = { kind: "custom" as const, isScimCreated: true, isLinked: false, permissions: [] };
    const row = { ...key, ...kind, createdAt: now, updatedAt: now };
    const added = await tx.db.insertInto("role").values(row).returningAll().executeTakeFirstOrThrow();
    await recordChanges(tx, [{ ...entryOf(context), subject, kind: "role.created", after: { name: input.name } }]);
    const stepped = await applyMemberSteps(tx, context, added, [{ kind: "add", memberIds: input.memberIds }]);
    return stepped.ok ? ok(id) : stepped;
  });
}

/** PUT and PATCH of a group. Writes to one role are serialized, so that no members are lost. */
export function changeRole<E = never>(
  database: Database,
  request: RoleRequest<E>,
  id: string,
  intent: RoleIntent,
): Promise<RoleOutcome<E>> {
  const subject = { kind: "role", id, name: intent.name ?? "" } as const;
  const act = mayTakeMembers(intent.members) ? "take" : "give";
  const attempt = { subject, kind: "role.updated", act, externalId: intent.externalId } as const;
  return inRoleTransaction(database, request, attempt, async (tx, context, { caller, role }) => {
    if (role === null) return err({ kind: "roleNotFound", roleId: id });
    const renamed = await rename(tx, context, role, intent);
    if (!renamed.ok) return renamed;
    const stepped = await applyMemberSteps(tx, context, role, intent.members);
    if (!stepped.ok) return stepped;
    const guarded = await guardRole(tx, context, role, caller.isGuardOn && stepped.value > 0);
    return guarded.ok ? ok(id) : guarded;
  });
}

/** DELETE of a group: the role becomes a tombstone; its people keep at least the default role. */
export function deleteRole<E = never>(
  database: Database,
  request: RoleRequest<E>,
  id: string,
): Promise<RoleOutcome<E>> {
  const nobody = { kind: "role", id, name: "" } as const;
  const attempt = { subject: nobody, kind: "role.deleted", act: "end" } as const;
  return inRoleTransaction(database, request, attempt, async (tx, context, { caller, role }) => {
    if (role === null) return err({ kind: "roleNotFound", roleId: id });
    const decided = checkScimDeletion(role, context.defaultRoleId);
    if (!decided.ok) return decided;
    const lost = await dropAllGrants(tx, context, role);
    await updateRole(tx, context, id, { deletedAt: context.now });
    const subject = { kind: "role", id, name: role.name } as const;
    await recordChanges(tx, [
      { ...entryOf(context), subject, kind: "role.deleted", before: { name: role.name, members: lost } },
    ]);
    const guarded = await guardRole(tx, context, role, caller.isGuardOn && lost > 0);
    return guarded.ok ? ok(id) : guarded;
  });
}

/** The log entry of a refused write. */
type Attempt = Pick<NewChange, "kind"> & {
  readonly subject: NewChange["subject"] & { readonly id: string };
  readonly act: RoleAct;
  /** The requested externalId. */
  readonly externalId?: string | null | undefined;
};
type Work = (tx: Queryable, context: WriteContext, opened: OpenedRole) => Promise<Result<string, RoleRefusal>>;

/**
 * One transaction for the whole request, rolled back on a refusal, which is then logged separately: with the role's
 * current name, or without a role if it does not exist.
 */
async function inRoleTransaction<E>(
  database: Database,
  request: RoleRequest<E>,
  attempt: Attempt,
  work: Work,
): Promise<RoleOutcome<E>> {
  const { subject, kind } = attempt;
  const outcome = await database.transaction(
    (tx) => tryWork(tx, request, attempt, work),
    (value) => value.kind === "saved",
  );
  if (outcome.kind === "refused" && outcome.refusal.kind !== "roleNotFound") {
    const { caller, refusal } = outcome;
    const context = contextOf(caller, request);
    const entry = { ...entryOf(context), kind, refusal: refusal.kind, after: factsOf(refusal) };
    const { organizationId } = caller;
    const [role] = await database.sql.run(roleName, { organizationId, id: subject.id });
    const seen = role === undefined ? { ...subject, id: null } : { ...subject, name: role.name };
    if (outcome.losses === undefined) await recordChanges(database.sql, [{ ...entry, subject: seen }]);
    else await recordStopped(database, context, { losses: outcome.losses, entry: { ...entry, subject: seen } });
  }
  return outcome;
}

async function tryWork<E>(
  tx: Queryable,
  request: RoleRequest<E>,
  attempt: Attempt,
  work: Work,
): Promise<RoleOutcome<E>> {
  const opened = await openRole(tx, request, { id: attempt.subject.id, act: attempt.act });
  if (!opened.ok) return { kind: "callerRefused", refusal: opened.error };
  const { caller, role } = opened.value;
  if (request.judge !== undefined && role !== null) {
    const membersTag = await readMembersTag(tx, { organizationId: caller.organizationId, roleId: role.id });
    const judged = request.judge({ version: role.version, membersTag });
    if (!judged.ok) return { kind: "invalid", caller, error: judged.error };
  }
  try {
    const context = contextOf(caller, request);
    const done = await work(tx, context, opened.value);
    if (done.ok) return { kind: "saved", caller, roleId: done.value };
    const isHeld = done.error.kind === "guardTripped" || done.error.kind === "guardRejected";
    return {
      kind: "refused",
      caller,
      refusal: done.error,
      ...(isHeld ? { losses: await readTaken(tx, context) } : {}),
    };
  } catch (cause) {
    return { kind: "refused", caller, refusal: refusalOfIndex(cause, { ...attempt, name: attempt.subject.name }) };
  }
}

async function rename(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  intent: RoleIntent,
): Promise<Result<void, Refusal<"roleBuiltIn" | "roleNotLinked" | "roleNameTaken">>> {
  const renamed = intent.name === undefined ? ok(undefined) : renameByScim(role, intent.name);
  if (!renamed.ok) return renamed;
  const named = renamed.value === undefined ? ok(undefined) : nameRole(renamed.value.name);
  if (!named.ok) return named;
  const name = renamed.value?.name ?? role.name;
  const externalId = intent.externalId === undefined ? role.externalId : intent.externalId;
  if (name === role.name && externalId === role.externalId) return ok(undefined);
  const linked = externalId === role.externalId ? ok(undefined) : checkMembersPush(role);
  if (!linked.ok) return linked;
  await updateRole(tx, context, role.id, { name, nameKey: foldText(name), externalId });
  const subject = { kind: "role", id: role.id, name } as const;
  const kind = name === role.name ? "role.updated" : "role.renamed";
  const before = { name: role.name, externalId: role.externalId };
  await recordChanges(tx, [{ ...entryOf(context), subject, kind, before, after: { name, externalId } }]);
  return ok(undefined);
}

async function guardRole(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  isGuarded: boolean,
): Promise<Result<void, Refusal<"lastOwner" | "guardTripped" | "guardRejected">>> {
  if (role.kind === "owner" && (await otherActiveOwners(tx, context.organizationId, nilId)) === 0) {
    return err({ kind: "lastOwner", name: role.name });
  }
  return isGuarded ? checkGuard(tx, context) : ok(undefined);
}

/** Changes the row of a role that this transaction has locked. */
async function updateRole(
  tx: Queryable,
  { organizationId, now }: WriteContext,
  id: string,
  fields:
    | { readonly name: string; readonly nameKey: string; readonly externalId: string | null }
    | { readonly deletedAt: Date },
): Promise<void> {
  await tx.db
    .updateTable("role")
    .set((eb) => ({ ...fields, version: eb("version", "+", 1), updatedAt: now }))
    .where("organizationId", "=", organizationId)
    .where("id", "=", id)
    .execute();
}

const roleName = statement<{ organizationId: string; id: string }>()((db, p) =>
  db
    .selectFrom("role")
    .where("organizationId", "=", p("organizationId"))
    .where("id", "=", p("id"))
    .where("deletedAt", "is", null)
    .select("name"),
);
