import {
  deleteMember,
  domainOf,
  needsLock,
  updateMember,
  type ChangeKind,
  type LockedFacts,
  type Member,
  type MemberInput,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { checkGuard, readTaken, type GuardLoss } from "../guard/guard-check.ts";
import { recordStopped } from "../guard/guard-hold.ts";
import { accountEmail, otherActiveOwners, verifiedAmong } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { handOver } from "./member-hand-over.ts";
import { violatedUnique } from "../store/violation.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import {
  callerCte,
  contextOf,
  judgeCaller,
  type CallTime,
  type Caller,
  type CallerRefusal,
  type Credential,
} from "./caller.ts";
import { keptDeactivation } from "./kept-deactivation.ts";
import { ownMember } from "./member-read.ts";
import { memberColumns, memberOf, type MemberRow } from "../member/member-row.ts";
import { moveEmail, saveChange, saveDeletion } from "../member/member-save.ts";

export type ChangeRefusal = Refusal<
  | "userNameNotEmail"
  | "userNameTaken"
  | "emailTaken"
  | "externalIdTaken"
  | "domainNotVerified"
  | "emailFixedAtFirstContact"
  | "lastOwner"
  | "guardTripped"
  | "guardRejected"
  | "memberNotFound"
>;

/** What a call wants of a member: new fields (PUT, PATCH) or the end (DELETE). */
export type Intent = { readonly kind: "change"; readonly input: MemberInput } | { readonly kind: "delete" };

/** A call that changes one member. `intend` reads the wish off the member as it is now; its own errors pass through. */
export type MemberWrite<E> = CallTime & {
  readonly credential: Credential;
  readonly id: string;
  readonly intend: (member: MemberRow) => Result<Intent, E>;
};

export type WriteOutcome<E> =
  | { readonly kind: "callerRefused"; readonly refusal: CallerRefusal }
  | { readonly kind: "invalid"; readonly caller: Caller; readonly error: E }
  | {
      readonly kind: "refused";
      readonly caller: Caller;
      readonly member: MemberRow | null;
      readonly refusal: ChangeRefusal;
      /** Under which kind of change the log tells it. */
      readonly attempted: ChangeKind;
      /** What the guard has refused to take; undefined for any other refusal. */
      readonly losses?: readonly GuardLoss[];
    }
  | { readonly kind: "saved"; readonly caller: Caller; readonly member: MemberRow };

/** One attempt may also end in: somebody else was faster, or this has to be decided under the lock. */
type Attempt<E> = WriteOutcome<E> | { readonly kind: "again" } | { readonly kind: "lock" };
type Person = MemberRow & Member;
const triesMax = 5;

/**
 * Changes a person: load, decide, save. The usual change takes two round trips and is guarded by the row's version. One
 * that moves an e-mail, may remove an owner or must pass the guard is decided under the organization's lock, as is one
 * that has lost the race five times. A rename that is refused keeps no access (`keptDeactivation`).
 */
export async function writeMember<E>(database: Database, write: MemberWrite<E>): Promise<WriteOutcome<E>> {
  const outcome = await writeWithRetries(database, write);
  if (outcome.kind !== "refused") return outcome;
  await logRefusal(database, write, outcome);
  const kept = keptDeactivation(write, outcome);
  return kept === undefined ? outcome : writeMember(database, kept);
}

async function writeWithRetries<E>(database: Database, write: MemberWrite<E>): Promise<WriteOutcome<E>> {
  for (let attempt = 0; attempt < triesMax; attempt++) {
    const outcome = await tryOnce(database.sql, write, "optimistic");
    if (outcome.kind === "lock") break;
    if (outcome.kind !== "again") return outcome;
  }
  const outcome = await database.transaction(
    (tx) => tryOnce(tx, write, "locked"),
    ({ kind }) => kind === "saved",
  );
  if (outcome.kind === "again" || outcome.kind === "lock") throw new Error("A member moved under the lock.");
  return outcome;
}

async function tryOnce<E>(sql: Queryable, write: MemberWrite<E>, mode: "optimistic" | "locked"): Promise<Attempt<E>> {
  if (mode === "locked") await sql.query(lockCaller, [write.credential.keyId, write.id]);
  const [row] = await sql.query(memberForWrite, [write.credential.keyId, write.id]);
  const judged = judgeCaller(row, write.credential, write.now);
  if (!judged.ok) return { kind: "callerRefused", refusal: judged.error };
  const caller = judged.value;
  const member = memberOf(row);
  if (member === null) {
    const refusal = { kind: "memberNotFound", memberId: write.id } as const;
    return { kind: "refused", caller, member, refusal, attempted: refusalKinds[refusal.kind] };
  }
  const intent = write.intend(member);
  if (!intent.ok) return { kind: "invalid", caller, error: intent.error };
  const person = { ...member, ...ownerFlag.parse(row) };
  if (mode === "optimistic" && mustLock(caller, person, intent.value)) return { kind: "lock" };

  const facts = mode === "locked" ? await lockedFacts(sql, caller, member, intent.value) : noFacts;
  const context = contextOf(caller, write);
  const saved = await decideAndSave(sql, context, person, intent.value, facts);
  if (saved === undefined) return { kind: "again" };
  if (caller.isGuardOn && saved.ok && takesAccess(person, intent.value)) {
    const passed = await checkGuard(sql, context);
    if (!passed.ok) {
      const losses = await readTaken(sql, context);
      return { kind: "refused", caller, member, losses, ...refusedAs(intent.value, passed.error) };
    }
  }
  return saved.ok
    ? { kind: "saved", caller, member: saved.value }
    : { kind: "refused", caller, member, ...refusedAs(intent.value, saved.error) };
}

/** The member that was asked for, saved or unchanged; undefined where somebody else was faster. */
async function decideAndSave(
  sql: Queryable,
  context: WriteContext,
  person: Person,
  intent: Intent,
  facts: LockedFacts,
): Promise<Result<MemberRow, ChangeRefusal> | undefined> {
  if (intent.kind === "delete") {
    const decided = deleteMember(person, facts);
    if (!decided.ok) return decided;
    const deleted = await saveDeletion(sql, context, person);
    return deleted === undefined ? undefined : ok(deleted);
  }
  const decided = updateMember(person, intent.input, facts);
  if (!decided.ok) return decided;
  const change = decided.value;
  if (change === undefined) return ok(person);
  try {
    const member = change.isAnotherPerson ? await handOver(sql, context, person, facts) : person;
    if (change.email !== undefined) await moveEmail(sql, context, member, change.email);
    const saved = await saveChange(sql, context, member, change);
    return saved === undefined ? undefined : ok(saved);
  } catch (cause) {
    return err(refusalOfIndex(cause, intent.input));
  }
}

function mustLock(caller: Caller, person: Person, intent: Intent): boolean {
  if (caller.isGuardOn && takesAccess(person, intent)) return true;
  return intent.kind === "delete" ? person.isOwner : needsLock(person, intent.input);
}

function takesAccess(person: Person, intent: Intent): boolean {
  return intent.kind === "delete" || (person.active && intent.input.active === false);
}

const noFacts: LockedFacts = { accountEmail: null, verifiedDomains: new Set(), otherActiveOwners: 0 };

async function lockedFacts(sql: Queryable, caller: Caller, member: MemberRow, intent: Intent): Promise<LockedFacts> {
  const { userName } = member;
  const email = await accountEmail(sql, member);
  const domains = intent.kind === "delete" ? [] : [email ?? userName, userName, intent.input.userName].map(domainOf);
  return {
    accountEmail: email,
    verifiedDomains: await verifiedAmong(sql, caller.organizationId, domains),
    otherActiveOwners: await otherActiveOwners(sql, caller.organizationId, member.id),
  };
}

/** What a violated unique index means; any other error is not ours to explain and goes on. */
function refusalOfIndex(cause: unknown, input: MemberInput): ChangeRefusal {
  switch (violatedUnique(cause)) {
    case "member_user_name_unique":
      return { kind: "userNameTaken", userName: input.userName };
    case "member_external_id_unique":
      return { kind: "externalIdTaken", externalId: input.externalId ?? "" };
    case "account_email_unique":
    case "member_account_unique":
      return { kind: "emailTaken", email: input.userName };
    default:
      throw cause;
  }
}

type Refused<E> = Extract<WriteOutcome<E>, { kind: "refused" }>;

async function logRefusal<E>(database: Database, write: MemberWrite<E>, outcome: Refused<E>): Promise<void> {
  const { caller, member, refusal, attempted: kind, losses } = outcome;
  if (member === null) return;
  const context = contextOf(caller, write);
  const subject = { kind: "member", id: member.id, name: member.name } as const;
  const entry = { ...entryOf(context), subject, kind, refusal: refusal.kind, after: refusal };
  if (losses === undefined) await recordChanges(database.sql, [entry]);
  else await recordStopped(database, context, { losses, entry });
}

function refusedAs(intent: Intent, refusal: ChangeRefusal): Pick<Refused<never>, "refusal" | "attempted"> {
  return { refusal, attempted: intent.kind === "delete" ? "member.deleted" : refusalKinds[refusal.kind] };
}

/** Under which kind of change a refused change is found again. */
const refusalKinds = {
  userNameNotEmail: "member.email_changed",
  userNameTaken: "member.email_changed",
  emailTaken: "member.email_changed",
  domainNotVerified: "member.email_changed",
  emailFixedAtFirstContact: "member.email_changed",
  externalIdTaken: "member.updated",
  lastOwner: "member.deactivated",
  guardTripped: "member.deactivated",
  guardRejected: "member.deactivated",
  memberNotFound: "member.updated",
} as const satisfies Record<ChangeRefusal["kind"], ChangeKind>;

const memberForWrite = {
  name: "scim_member_for_write",
  keepsPlan: true,
  text: `with ${callerCte} select caller.*, ${memberColumns}, exists (select 1 from role_grant g
      where g.organization_id = m.organization_id and g.member_id = m.id and (select r.kind from role r
        where r.organization_id = g.organization_id and r.id = g.role_id) = 'owner') as "isOwner"
    from ${ownMember("id")}`,
};
const ownerFlag = z.object({ isOwner: z.boolean() });

/** Locks the caller's organization, then the member, so that nothing moves between the facts and the save. */
const lockCaller = {
  name: "scim_member_lock",
  text: `with ${callerCte}, locked as materialized (select p.organization_id from provisioning p
      where p.organization_id = (select "callerOrganizationId" from caller) for no key update)
    select 1 from locked join member m on m.organization_id = locked.organization_id and m.id = $2 for update of m`,
};
