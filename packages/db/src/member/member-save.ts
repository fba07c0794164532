import { emailKey, type Actor, type ChangeKind, type MemberChange, type MemberFields } from "@rollcall/domain";
import { z } from "zod";
import { freeAddress } from "../account/address-release.ts";
import { endLinks, endMailedTo } from "../account/link-end.ts";
import { changeCte, changeValue, isByOwner, recordChanges } from "../store/change-log.ts";
import { closeInvitation, closingValue } from "../invitation/invitation-close.ts";
import { currentDefaultRole, whileProvisioned } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { fieldColumns, fieldValues, places } from "./member-fields.ts";
import { keptExternalId, memberColumns, memberOf, touched, type MemberRow } from "./member-row.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/** An invitation to a person who is awaited is how they accept. */
const awaits = "(awaits_acceptance and active and not is_deleted)";

/**
 * $1 organization, $2 member, $3 version, $4 now, $5-$16 fields, $17 takes access, $18 deletes, $19 gives the default
 * role $20, $21 log entry, $22 that of an invitation that is closed. What the groups gave, and what follows from them by
 * the owners' mapping, survives a deactivation, so that it is there again afterwards. The version says also that nobody has deleted the member; asked for that, the planner
 * might go by a partial index.
 */
const update = {
  name: "member_update",
  keepsPlan: true,
  text: `with ${whileProvisioned}, saved as (update member set (${fieldColumns}) = (${places(5, 16)}), is_managed = true,
      deleted_at = case when $18::boolean then $4::timestamptz end, ${keptExternalId}, ${touched(4)}
      where organization_id = $1 and id = $2 and version = $3
        and (exists (select 1 from provisioned) or ${isByOwner(21)}) returning *),
    lost as (delete from role_grant g where $17::boolean and g.organization_id = $1 and g.member_id = $2
      and (g.source not in ('group', 'mapping') or $18) and exists (select 1 from saved) returning g.role_id, g.source),
    ended as (update session s set ended_at = $4 where $17 and s.organization_id = $1
      and s.account_id = (select account_id from saved) and s.ended_at is null),
    granted as (insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select m.organization_id, m.id, ${currentDefaultRole(20)}, 'default', $4 from saved m where $19::boolean
      on conflict do nothing),
    ${changeCte("saved", 21, lostRoles("before"))}, ${closeInvitation(`exists (select 1 from saved where not ${awaits})`, 22)}
    select ${memberColumns} from saved m`,
};

function lostRoles(before: string): string {
  return `case when exists (select 1 from lost) then coalesce(${before}, '{}') || jsonb_build_object('roles',
    (select jsonb_agg(jsonb_build_object('id', lost.role_id, 'source', lost.source)) from lost)) else ${before} end`;
}

/**
 * Saves a change if nobody else has been at the member since it was read, and a token's only while provisioning is on;
 * undefined otherwise.
 */
export async function saveChange(
  sql: Queryable,
  context: WriteContext,
  member: MemberRow,
  change: MemberChange,
): Promise<MemberRow | undefined> {
  const kind = kindOf(change);
  const entry = {
    ...entryOf(context),
    subject: { kind: "member", id: member.id, name: change.fields.name },
    kind,
    ...differences(member, { ...change.fields, isManaged: true }),
  } as const;
  const [row] = await sql.query(update, [
    context.organizationId,
    member.id,
    member.version,
    context.now,
    ...fieldValues(change.fields),
    change.transition === "deactivate",
    false,
    change.transition === "reactivate",
    context.defaultRoleId,
    changeValue([entry]),
    closingValue(context, change.fields.userName),
  ]);
  return memberOf(row) ?? undefined;
}

/** Deletes a member under the same condition: kept as a tombstone, without access, sessions or roles. */
export async function saveDeletion(
  sql: Queryable,
  context: WriteContext,
  member: MemberRow,
): Promise<MemberRow | undefined> {
  const subject = { kind: "member", id: member.id, name: member.name } as const;
  const entry = { ...entryOf(context), subject, kind: "member.deleted", before: { active: member.active } } as const;
  const [row] = await sql.query(update, [
    context.organizationId,
    member.id,
    member.version,
    context.now,
    ...fieldValues({ ...member, active: false }),
    true,
    true,
    false,
    context.defaultRoleId,
    changeValue([entry]),
    closingValue(context, member.userName),
  ]);
  return memberOf(row) ?? undefined;
}

/** A grant that somebody has lost, as the change log keeps it. */
export type LostRole = { readonly id: string; readonly source: string };

/**
 * Ends a membership from the console: a tombstone as after a DELETE, without roles or sessions here. In a transaction
 * that holds the organization; the caller logs it. Returns the roles that went with it.
 */
export async function buryMember(
  tx: Queryable,
  what: { readonly organizationId: string; readonly memberId: string; readonly now: Date },
): Promise<readonly LostRole[]> {
  const rows = await tx.query(bury, [what.organizationId, what.memberId, what.now]);
  return rows.map((row) => z.object({ id: z.string(), source: z.string() }).parse(row));
}

const bury = {
  name: "member_bury",
  text: `with gone as (update member set active = false, deleted_at = $3, ${keptExternalId}, ${touched(3)}
      where organization_id = $1 and id = $2 and not is_deleted returning account_id),
    ended as (update session set ended_at = $3 where organization_id = $1
      and account_id = (select account_id from gone) and ended_at is null),
    exempted as (delete from exemption where organization_id = $1 and member_id = $2)
    delete from role_grant where organization_id = $1 and member_id = $2 and exists (select 1 from gone)
    returning role_id as id, source`,
};

/**
 * Links that went to the former address end with it, whoever moves the account, and so do those that others had mailed to
 * the new one. Invitations to it stay where the person moves there, who has just read a mail of that address.
 */
const moveAccount = {
  name: "account_move",
  text: `with ${endLinks("$1", "$4")},
    ${endMailedTo("$3", "$4", { isGiven: "account_id <> $1", isNew: "organization_id <> $5::uuid" })}
    update account set email = $2, email_key = $3, address_proven_at = null, updated_at = $4 where id = $1`,
};
/** Where nobody manages the person, the member's name is the account's address, and goes with it. */
const followElsewhere = {
  name: "member_follow",
  text: `with former as materialized (select organization_id, id, user_name from member
      where account_id = $1 and organization_id is distinct from $5::uuid and not is_managed and not is_deleted
      order by organization_id for no key update)
    update member m set user_name = $2, user_name_key = $3, ${touched(4)} from former
    where m.organization_id = former.organization_id and m.id = former.id
    returning m.organization_id as "organizationId", m.id, m.name, former.user_name as "userName"`,
};
const followed = z.object({ organizationId: z.string(), id: z.string(), name: z.string(), userName: z.string() });
const rollcall: Actor = { kind: "system", id: null, name: "" };

/**
 * Moves the account to a new address, here and where nobody manages the person. In a transaction. Other organizations
 * find it in their own log, where it says nothing of this one.
 */
export async function moveEmail(
  tx: Queryable,
  context: WriteContext,
  { accountId }: MemberRow,
  email: string,
): Promise<void> {
  const { organizationId, now } = context;
  // A name that awaits acceptance moves alone.
  if (accountId === null) return;
  await moveAccountEmail(tx, {
    accountId,
    email,
    now,
    actor: rollcall,
    requestId: null,
    organizationId,
  });
}

/** As `moveEmail`, by the person, who is called by the new address wherever nobody manages them. */
export function moveOwnEmail(
  tx: Queryable,
  move: { readonly accountId: string; readonly email: string; readonly now: Date; readonly requestId: string | null },
): Promise<void> {
  return moveAccountEmail(tx, {
    ...move,
    actor: { kind: "person", id: move.accountId, name: "" },
    organizationId: null,
  });
}

/** `organizationId`: where the member's name is moved by somebody else; `actor` without a name: the member's own. */
type Move = Pick<WriteContext, "now" | "actor" | "requestId"> & {
  readonly accountId: string;
  readonly email: string;
  readonly organizationId: string | null;
};

async function moveAccountEmail(tx: Queryable, move: Move): Promise<void> {
  const { email, now, requestId, actor } = move;
  const values = [move.accountId, email, emailKey(email), now];
  await freeAddress(tx, move);
  await tx.query(moveAccount, [...values, move.organizationId]);
  const rows = await tx.query(followElsewhere, [...values, move.organizationId]);
  await recordChanges(
    tx,
    rows.map((row) => {
      const { organizationId, id, name, userName } = followed.parse(row);
      return {
        organizationId,
        at: now,
        requestId,
        actor: actor.kind === "person" ? { ...actor, name } : actor,
        subject: { kind: "member", id, name },
        kind: "member.email_changed",
        before: { userName },
        after: { userName: email },
      };
    }),
  );
}

/** One entry a write: it is called by what matters most to the people who read it. */
function kindOf(change: MemberChange): ChangeKind {
  if (change.transition === "deactivate") return "member.deactivated";
  if (change.transition === "reactivate") return "member.reactivated";
  if (change.links) return "member.linked";
  return change.email === undefined ? "member.updated" : "member.email_changed";
}

type Logged = MemberFields & { readonly isManaged: boolean };
const fieldNames = [
  "userName",
  "externalId",
  "givenName",
  "familyName",
  "displayName",
  "name",
  "active",
  "isManaged",
] as const;

function differences(member: Logged, fields: Logged): { before: object; after: object } {
  const differing = fieldNames.filter((name) => member[name] !== fields[name]);
  return {
    before: Object.fromEntries(differing.map((name) => [name, member[name]])),
    after: Object.fromEntries(differing.map((name) => [name, fields[name]])),
  };
}
