import type { ChangeKind, MemberChange, MemberFields } from "@rollcall/domain";
import { sql, type Expression, type Kysely, type QueryCreator } from "kysely";
import { changeValue, isNotByToken, logIf, type NewChange } from "../store/change-log.ts";
import { whileProvisioned, whileProvisionedAlone } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { keptStatement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inviteFrom, keptExternalId, memberFields, touchedAt, type MemberRow } from "./member-columns.ts";
import { fieldsSet, keyedFields } from "./member-fields.ts";
import { afterSave, closingValue, type SaveParams } from "./saved-member.ts";

type DetailParams = Omit<SaveParams, "grantsDefaultRole" | "defaultRoleId" | "closing"> & { readonly version: number };
type UpdateParams = SaveParams & DetailParams & { readonly takesAccess: boolean; readonly deletes: boolean };

const directorySources = [sql.lit("group" as const), sql.lit("mapping" as const)];

const withLostRoles = sql<object>`case when exists (select from lost)
  then coalesce(entry.before, '{}') || jsonb_build_object('roles',
    (select jsonb_agg(jsonb_build_object('id', lost.role_id, 'source', lost.source)) from lost))
  else entry.before end`;

/**
 * Saves the member with its new fields. The version also shows that it is not deleted; a condition on that might make
 * the planner use a partial index.
 */
const saved = (p: Parameter<DetailParams>, deletedAt: Expression<Date | null>) => (to: QueryCreator<Tables>) =>
  to
    .updateTable("member")
    .set({ ...fieldsSet(p), ...keptExternalId, ...touchedAt(p("now")), isManaged: sql.lit(true), deletedAt })
    // The invitation of a person who has yet to accept has ended with the deactivation.
    .set({
      inviteAt: sql`case when awaits_acceptance and not active and ${p("active")} then ${inviteFrom(p("now"))} else invite_at end`,
    })
    .where("organizationId", "=", p("organizationId"))
    .where("id", "=", p("memberId"))
    .where("version", "=", p("version"))
    .where((eb) => eb.or([sql<boolean>`exists (select from provisioned)`, isNotByToken(p("entries"))]))
    .returningAll();

/**
 * Roles from groups, and from the owners' mapping of them, survive a deactivation, so that a reactivation restores
 * them. An invitation to a person with a pending membership stays, because they accept with it.
 */
const update = (begin: typeof whileProvisioned) => (db: Kysely<Tables>, p: Parameter<UpdateParams>) => {
  const isSaved = sql<boolean>`exists (select from saved)`;
  const awaits = sql`(awaits_acceptance and active and not is_deleted)`;
  const after = afterSave(p, sql`exists (select from saved where not ${awaits})`);
  return begin(db, p("organizationId"))
    .with("saved", saved(p, sql`case when ${p("deletes")}::boolean then ${p("now")}::timestamptz end`))
    .with("lost", (from) =>
      from
        .deleteFrom("role_grant as g")
        .where(sql<boolean>`${p("takesAccess")}::boolean`)
        .where("g.organizationId", "=", p("organizationId"))
        .where("g.memberId", "=", p("memberId"))
        .where((eb) => eb.or([eb("g.source", "not in", directorySources), p("deletes")]))
        .where(isSaved)
        .returning(["g.roleId", "g.source"]),
    )
    .with("ended", (to) =>
      to
        .updateTable("session as s")
        .set({ endedAt: p("now") })
        .where(p("takesAccess"))
        .where("s.organizationId", "=", p("organizationId"))
        .where("s.accountId", "=", (eb) => eb.selectFrom("saved").select("saved.accountId"))
        .where("s.endedAt", "is", null),
    )
    .with("granted", after.granted)
    .with("logged", logIf("saved", p("entries"), { before: withLostRoles }))
    .with("waiting", after.waiting)
    .with("closed", after.closed)
    .with("closing_logged", after.closingLogged)
    .selectFrom("saved as m")
    .select(memberFields);
};

/**
 * `details`: for most changes, which leave access and address as they are, in half the time; nobody is invited to the
 * address of such a member. `alone`: with the organization's lock until the transaction ends.
 */
const updates = {
  details: keptStatement<DetailParams>()("member_update_details", (db, p) =>
    whileProvisioned(db, p("organizationId"))
      .with("saved", saved(p, sql.lit(null)))
      .with("logged", logIf("saved", p("entries")))
      .selectFrom("saved as m")
      .select(memberFields),
  ),
  beside: keptStatement<UpdateParams>()("member_update", update(whileProvisioned)),
  alone: keptStatement<UpdateParams>()("member_update_alone", update(whileProvisionedAlone)),
};
type Hold = "beside" | "alone";

/**
 * Saves a change if the member has not changed since it was read, and a token's change only while provisioning is on;
 * undefined otherwise. `hold`: "alone" takes the organization's lock for the rest of the transaction.
 */
export function saveChange(
  sql: Queryable,
  context: WriteContext,
  member: MemberRow,
  change: MemberChange,
  hold: Hold = "beside",
): Promise<MemberRow | undefined> {
  const { before, after } = differences(member, { ...change.fields, isManaged: true });
  const isSameAddress = member.userName === change.fields.userName && !change.isAnotherPerson;
  const isDetail = hold === "beside" && change.transition === "none" && !change.links && isSameAddress;
  return save(sql, context, member, {
    fields: change.fields,
    takesAccess: change.transition === "deactivate",
    deletes: false,
    grantsDefaultRole: change.transition === "reactivate",
    entry: { kind: kindOf(change), before, after },
    statement: isDetail ? "details" : hold,
  });
}

/** Deletes a member under the same condition, leaving a tombstone without access, sessions or roles. */
export function saveDeletion(
  sql: Queryable,
  context: WriteContext,
  member: MemberRow,
  hold: Hold = "beside",
): Promise<MemberRow | undefined> {
  return save(sql, context, member, {
    fields: { ...member, active: false },
    takesAccess: true,
    deletes: true,
    grantsDefaultRole: false,
    entry: { kind: "member.deleted", before: { active: member.active } },
    statement: hold,
  });
}

type Save = Pick<UpdateParams, "takesAccess" | "deletes" | "grantsDefaultRole"> & {
  readonly fields: MemberFields;
  readonly entry: Pick<NewChange, "kind" | "before" | "after">;
  readonly statement: keyof typeof updates;
};

async function save(
  sql: Queryable,
  context: WriteContext,
  { id, version }: MemberRow,
  { fields, entry, statement, ...what }: Save,
): Promise<MemberRow | undefined> {
  const { organizationId, now, defaultRoleId } = context;
  const subject = { kind: "member", id, name: fields.name } as const;
  const params: UpdateParams = {
    ...keyedFields(fields),
    ...what,
    organizationId,
    memberId: id,
    version,
    now,
    defaultRoleId,
    entries: changeValue([{ ...entryOf(context), ...entry, subject }]),
    closing: closingValue(context, fields.userName),
  };
  const [row] = await sql.run(updates[statement], params);
  return row;
}

/** A revoked grant in the change log. */
export type LostRole = { readonly id: string; readonly source: string };

/**
 * Ends a membership from the console: a tombstone as after a DELETE, without roles or sessions here. A link mailed to
 * the person does not bring them back. Must run in a transaction that has locked the organization and the member; the
 * caller logs it. Returns the revoked roles.
 */
export function tombstoneMember(
  { db }: Queryable,
  { organizationId, memberId, now }: { readonly organizationId: string; readonly memberId: string; readonly now: Date },
): Promise<readonly LostRole[]> {
  return db
    .with("gone", (to) =>
      to
        .updateTable("member")
        .set({ active: false, deletedAt: now, ...keptExternalId, ...touchedAt(now) })
        .where("organizationId", "=", organizationId)
        .where("id", "=", memberId)
        .where("isDeleted", "=", sql.lit(false))
        .returning(["accountId", "userNameKey"]),
    )
    .with("uninvited", (to) =>
      to
        .updateTable("invitation")
        .set({ endedAt: now, endReason: "revoked" })
        .where("organizationId", "=", organizationId)
        .where("emailKey", "in", (eb) =>
          eb
            .selectFrom("gone")
            .leftJoin("account as a", "a.id", "gone.accountId")
            .select(sql<string>`unnest(array[gone.user_name_key, a.email_key])`.as("key")),
        )
        .where("endReason", "is", null),
    )
    .with("ended", (to) =>
      to
        .updateTable("session")
        .set({ endedAt: now })
        .where("organizationId", "=", organizationId)
        .where("accountId", "=", (eb) => eb.selectFrom("gone").select("gone.accountId"))
        .where("endedAt", "is", null),
    )
    .deleteFrom("role_grant")
    .where("organizationId", "=", organizationId)
    .where("memberId", "=", memberId)
    .where(sql<boolean>`exists (select from gone)`)
    .returning(["roleId as id", "source"])
    .execute();
}

/** Each write has one entry, named by its most important change. */
function kindOf(change: MemberChange): ChangeKind {
  if (change.transition === "deactivate") return "member.deactivated";
  if (change.transition === "reactivate") return "member.reactivated";
  if (change.links) return "member.linked";
  return change.email === undefined ? "member.updated" : "member.email_changed";
}

type Logged = MemberFields & { readonly isManaged: boolean };
const loggedFields = [
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
  const differing = loggedFields.filter((name) => member[name] !== fields[name]);
  return {
    before: Object.fromEntries(differing.map((name) => [name, member[name]])),
    after: Object.fromEntries(differing.map((name) => [name, fields[name]])),
  };
}
