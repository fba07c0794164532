import {
  checkMemberDeletion,
  domainOf,
  needsLock,
  updateMember,
  type ChangeKind,
  type LockedFacts,
  type Member,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import { checkGuard, readTaken } from "../guard/guard-check.ts";
import { recordStopped } from "../guard/guard-hold.ts";
import { moveEmail } from "../member/email-move.ts";
import { memberFields, type MemberRow } from "../member/member-columns.ts";
import { saveChange, saveDeletion } from "../member/member-save.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { accountEmail, verifiedAmong } from "../store/organization-lock.ts";
import { otherActiveOwners } from "../member/active-owners.ts";
import type { Queryable } from "../store/queryable.ts";
import { keptStatement } from "../store/statement.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { callerFields, contextOf, judgeCaller, type Caller } from "./caller.ts";
import { foundIn } from "./found-row.ts";
import { keptDeactivation } from "./kept-deactivation.ts";
import { handOver } from "./member-hand-over.ts";
import { withOwnMember } from "./member-read.ts";
import {
  lockMember,
  refusalOfIndex,
  type ChangeRefusal,
  type Intent,
  type MemberWrite,
  type WriteOutcome,
} from "./member-write.ts";

/** An attempt may also end because a concurrent write was faster, or because it needs the lock. */
type Attempt<E> = WriteOutcome<E> | { readonly kind: "again" } | { readonly kind: "lock" };
type Person = MemberRow & Member;
type Loaded = { readonly caller: Caller; readonly person: Person; readonly intent: Intent };
const triesMax = 5;

/**
 * Changes a person: load, decide, save. Usually in two round trips with an optimistic check of the row's version. Under
 * the organization's lock are: the save and the count of a removal with the guard on; also the load of a change of the
 * email, of a possible removal of an owner, and after five lost races. A refused rename does not prevent a deactivation
 * (`keptDeactivation`).
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
    const outcome = await tryOnce(database, write);
    if (outcome.kind === "lock") break;
    if (outcome.kind !== "again") return outcome;
  }
  const outcome = await database.transaction((tx) => tryLocked(tx, write), isSaved);
  if (outcome.kind === "again" || outcome.kind === "lock") throw new Error("A member changed under the lock.");
  return outcome;
}

const isSaved = ({ kind }: { readonly kind: string }): boolean => kind === "saved";

async function tryOnce<E>(database: Database, write: MemberWrite<E>): Promise<Attempt<E>> {
  const loaded = await load(database.sql, write);
  if ("kind" in loaded) return loaded;
  const { person, intent } = loaded;
  if (needsFacts(person, intent)) return { kind: "lock" };
  if (!isGuarded(loaded)) return save(database.sql, write, loaded, noFacts);
  return database.transaction((tx) => save(tx, write, loaded, noFacts), isSaved);
}

async function tryLocked<E>(tx: Queryable, write: MemberWrite<E>): Promise<Attempt<E>> {
  await tx.run(lockMember, { keyId: write.credential.keyId, id: write.id });
  const loaded = await load(tx, write);
  if ("kind" in loaded) return loaded;
  const { caller, person, intent } = loaded;
  return save(tx, write, loaded, needsFacts(person, intent) ? await lockedFacts(tx, caller, person, intent) : noFacts);
}

async function load<E>(sql: Queryable, write: MemberWrite<E>): Promise<Loaded | WriteOutcome<E>> {
  const [row] = await sql.run(memberForWrite, { keyId: write.credential.keyId, id: write.id });
  const judged = judgeCaller(row, write.credential, write.now);
  if (!judged.ok) return { kind: "callerRefused", refusal: judged.error };
  const caller = judged.value;
  const member = memberIn(row);
  if (row === undefined || member === null) {
    const refusal = { kind: "memberNotFound", memberId: write.id } as const;
    return { kind: "refused", caller, member, refusal, attempted: refusalKinds[refusal.kind] };
  }
  const intent = write.intend(member);
  if (!intent.ok) return { kind: "invalid", caller, error: intent.error };
  return { caller, person: { ...member, isOwner: row.isOwner }, intent: intent.value };
}

async function save<E>(sql: Queryable, write: MemberWrite<E>, loaded: Loaded, facts: LockedFacts): Promise<Attempt<E>> {
  const { caller, person, intent } = loaded;
  const context = contextOf(caller, write);
  const saved = await decideAndSave(sql, context, loaded, facts);
  if (saved === undefined) return { kind: "again" };
  if (!saved.ok) return { kind: "refused", caller, member: person, ...refusedAs(intent, saved.error) };
  if (isGuarded(loaded)) {
    const passed = await checkGuard(sql, context);
    if (!passed.ok) {
      const losses = await readTaken(sql, context);
      return { kind: "refused", caller, member: person, losses, ...refusedAs(intent, passed.error) };
    }
  }
  return { kind: "saved", caller, member: saved.value };
}

/** The member, saved or unchanged; undefined if a concurrent write was faster. */
async function decideAndSave(
  sql: Queryable,
  context: WriteContext,
  loaded: Loaded,
  facts: LockedFacts,
): Promise<Result<MemberRow, ChangeRefusal> | undefined> {
  const { person, intent } = loaded;
  // What the guard counts is saved under the organization's lock, which the statement takes: one message fewer under it.
  const hold = isGuarded(loaded) ? "alone" : "beside";
  if (intent.kind === "delete") {
    const decided = checkMemberDeletion(person, facts);
    if (!decided.ok) return decided;
    const deleted = await saveDeletion(sql, context, person, hold);
    return deleted === undefined ? undefined : ok(deleted);
  }
  const decided = updateMember(person, intent.input, facts);
  if (!decided.ok) return decided;
  const change = decided.value;
  if (change === undefined) return ok(person);
  try {
    const member = change.isAnotherPerson ? await handOver(sql, context, person, { ...facts, change }) : person;
    if (change.email !== undefined) await moveEmail(sql, context, member, change.email);
    const saved = await saveChange(sql, context, member, change, hold);
    return saved === undefined ? undefined : ok(saved);
  } catch (cause) {
    return err(refusalOfIndex(cause, intent.input));
  }
}

function needsFacts(person: Person, intent: Intent): boolean {
  return intent.kind === "delete" ? person.isOwner : needsLock(person, intent.input);
}

/** Whether the guard counts this write, which takes access away. */
function isGuarded({ caller, person, intent }: Loaded): boolean {
  const takesAccess = intent.kind === "delete" || (person.active && intent.input.active === false);
  return caller.isGuardOn && takesAccess;
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

/** The log entry kind of a refused change. */
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

type Params = { readonly keyId: string; readonly id: string };

const memberForWrite = keptStatement<Params>()("scim_member_for_write", (db, p) =>
  withOwnMember(db, p, "id")
    .select(callerFields)
    .select(memberFields)
    .select((eb) =>
      sql<boolean>`${eb.exists(
        eb
          .selectFrom("role_grant as g")
          .whereRef("g.organizationId", "=", "m.organizationId")
          .whereRef("g.memberId", "=", "m.id")
          .where((grant) =>
            grant(
              grant
                .selectFrom("role as r")
                .whereRef("r.organizationId", "=", "g.organizationId")
                .whereRef("r.id", "=", "g.roleId")
                .select("r.kind"),
              "=",
              sql.lit("owner" as const),
            ),
          )
          .select("g.roleId"),
      )}`.as("isOwner"),
    ),
);
const memberIn = foundIn<MemberRow>(memberFields);
