import { sql } from "kysely";
import { releaseAddresses } from "../account/address-release.ts";
import { endMailedChanges, endMailedInvitations } from "../account/link-end.ts";
import { changeValue, logEach, recordChanges } from "../store/change-log.ts";
import { idOfNow } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { formerHolders, isUnaccepted, isWaiting, type DomainPeople } from "./domain-people.ts";
import { inviteFrom, isBeingRemoved, touchedAt, wasAnother } from "./member-columns.ts";
import type { RequestStamp } from "../store/write-context.ts";

type Accepting = { readonly organizationId: string; readonly account: { readonly id: string; readonly name: string } };
type Accepted = { readonly id: string; readonly name: string };

/**
 * Gives the account the pending membership of its address; undefined if there is none, or if the account is already a
 * member there. A session does not suffice if the account belonged to another person there: `isMailed` says that a link
 * mailed for this membership proves the person. Must run in a transaction, with `logAcceptance`.
 */
export async function takeMembership(
  tx: Queryable,
  { organizationId, account }: Accepting,
  { isMailed, now }: { readonly isMailed: boolean; readonly now: Date },
): Promise<Accepted | undefined> {
  const own = tx.db
    .selectFrom("member as own")
    .where("own.organizationId", "=", organizationId)
    .where("own.accountId", "=", account.id)
    .where("own.isDeleted", "=", sql.lit(false));
  return tx.db
    .with("a", (from) =>
      from
        .selectFrom("account")
        .where("id", "=", account.id)
        .select(["id", "emailKey", "addressProvenAt"])
        .forKeyShare(),
    )
    .updateTable("member as m")
    .from("a")
    .set((eb) => ({ accountId: eb.ref("a.id"), awaitsAcceptance: false, acceptedAt: now, ...touchedAt(now) }))
    .where("m.organizationId", "=", organizationId)
    .whereRef("m.userNameKey", "=", "a.emailKey")
    .where("m.awaitsAcceptance", "=", sql.lit(true))
    .where("m.active", "=", sql.lit(true))
    .where("m.isDeleted", "=", sql.lit(false))
    .where((eb) => eb.not(isBeingRemoved))
    .where((eb) => eb.or([eb.lit(isMailed), eb.not(wasAnother)]))
    .where((eb) => eb.not(eb.exists(own.select("own.id"))))
    .returning(["m.id", "m.name"])
    .executeTakeFirst();
}

/** `roles`: those of an invitation. */
export function logAcceptance(
  tx: Queryable,
  { organizationId, account }: Accepting,
  { now, requestId }: RequestStamp,
  member: Accepted,
  roles: readonly string[] = [],
): Promise<void> {
  return recordChanges(tx, [
    {
      organizationId,
      at: now,
      requestId,
      actor: { kind: "person", ...account },
      subject: { kind: "member", ...member },
      kind: "member.accepted",
      before: { awaitsAcceptance: true },
      after: { awaitsAcceptance: false, ...(roles.length > 0 ? { roles } : {}) },
    },
  ]);
}

/**
 * Accepts the pending memberships of a verified domain: each person joins with the account of the address, or a new
 * one. An account that was another person's here (rule 5a), or that has no membership, gives up the address.
 * `userNameKey`: only that person; null: all. Must run in a transaction.
 */
export async function acceptByDomain(tx: Queryable, what: DomainPeople, at: RequestStamp): Promise<void> {
  const { organizationId } = what;
  const { now } = at;
  const holders = await formerHolders(tx, what);
  const released = await releaseAddresses(tx, holders, { organizationId, now });
  // Another person's account, locked by now, gives up the address even if its memberships have changed meanwhile.
  const changed = holders.filter(({ id, isAnother }) => isAnother && !released.has(id));
  const others = changed.map(({ id, isInUse }) => ({ id, isInUse: !isInUse }));
  await releaseAddresses(tx, others, { organizationId, now });
  await acceptAll(tx, what, at);
  // An account that another request was creating is seen only now.
  await acceptAll(tx, what, at);
}

/**
 * Makes the memberships of a lost domain pending if the person has neither accepted nor signed in to the organization;
 * returns how many. The last owners stay. Must run in the transaction of the loss, which blocks SCIM writes.
 */
export async function awaitByDomain(
  tx: Queryable,
  what: Omit<DomainPeople, "userNameKey">,
  at: RequestStamp,
): Promise<number> {
  const { organizationId } = what;
  const { now } = at;
  const row = await tx.db
    .with(
      (cte) => cte("unaccepted").materialized(),
      (from) => from.selectFrom("member as m").where(isUnaccepted(what)).select("m.id").forNoKeyUpdate(),
    )
    .with("turned", (to) =>
      to
        .updateTable("member as m")
        .from("unaccepted")
        .set({ accountId: null, awaitsAcceptance: true, inviteAt: inviteFrom(now), ...touchedAt(now) })
        .where("m.organizationId", "=", organizationId)
        .whereRef("m.id", "=", "unaccepted.id")
        .returning(["m.id", "m.name"]),
    )
    // A session would count as a sign-in, so that there is none to end.
    .with("logs", (from) => from.selectFrom("turned").select(ownColumns("member.acceptance_asked")))
    .with("logged", logEach("logs", sharedEntry(organizationId, at, "member.acceptance_asked")))
    .selectFrom("turned")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return row.count;
}

type Kind = "member.accepted" | "member.acceptance_asked";

/** The shared part of the log entries for a domain's people. */
function sharedEntry(organizationId: string, { now, requestId }: RequestStamp, kind: Kind) {
  const awaitsAcceptance = kind === "member.acceptance_asked";
  const entry = changeValue([
    {
      organizationId,
      at: now,
      requestId,
      actor: { kind: "system", id: null, name: "" },
      subject: { kind: "member", id: null, name: "" },
      kind,
      before: { awaitsAcceptance: !awaitsAcceptance },
      after: { awaitsAcceptance },
    },
  ]);
  return sql<string>`${entry}`;
}

const newIdOfNow = sql<string>`${sql.raw(idOfNow)}`;
/** The columns of each person's entry, for `logEach`. */
const ownColumns = (kind: Kind) =>
  [newIdOfNow.as("id"), sql.lit(kind).as("kind"), "id as subjectId", "name as subjectName"] as const;

const madeKey = sql<string>`any (select email_key from made)`;

/** Accounts are locked before members, as everywhere, so that no member is locked before the accounts are created. */
async function acceptAll({ db }: Queryable, what: DomainPeople, at: RequestStamp): Promise<void> {
  const [{ organizationId }, { now }] = [what, at];
  await db
    .with(
      (cte) => cte("waiting").materialized(),
      (from) => from.selectFrom("member as m").where(isWaiting(what)).select(["m.userName", "m.userNameKey", "m.name"]),
    )
    .with("made", (into) =>
      into
        .insertInto("account")
        .columns(["id", "email", "emailKey", "name", "createdAt", "updatedAt"])
        .expression((one) =>
          one
            .selectFrom("waiting")
            .select([newIdOfNow.as("id"), "userName", "userNameKey", "name"])
            .select([sql<Date>`${now}::timestamptz`.as("createdAt"), sql<Date>`${now}::timestamptz`.as("updatedAt")]),
        )
        .onConflict((on) => on.column("emailKey").doNothing())
        .returning(["id", "emailKey"]),
    )
    .with("holder", (from) =>
      from
        .selectFrom("made")
        .select(["id", "emailKey"])
        .unionAll(
          from
            .selectFrom("waiting")
            .innerJoin("account as a", "a.emailKey", "waiting.userNameKey")
            .select(["a.id", "a.emailKey"]),
        ),
    )
    .with("accepted", (to) =>
      to
        .updateTable("member as m")
        .from("holder")
        .set((one) => ({ accountId: one.ref("holder.id"), awaitsAcceptance: false, ...touchedAt(now) }))
        .where(isWaiting(what))
        .whereRef("m.userNameKey", "=", "holder.emailKey")
        .where(sql<boolean>`not exists (select from member own
          where own.organization_id = ${organizationId} and own.account_id = holder.id and not own.is_deleted)`)
        .returning(["m.id", "m.name"]),
    )
    .with("mailed", endMailedChanges(madeKey, now, sql`true`))
    .with("invited", endMailedInvitations(madeKey, now, sql`organization_id <> ${organizationId}`))
    .with("logs", (from) => from.selectFrom("accepted").select(ownColumns("member.accepted")))
    .with("logged", logEach("logs", sharedEntry(organizationId, at, "member.accepted")))
    .selectFrom("accepted")
    .select("id")
    .execute();
}
