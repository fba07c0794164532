import { sql, type Kysely } from "kysely";
import { endMailedChanges, endMailedInvitations } from "../account/link-end.ts";
import { inviteFrom, memberFields, touchedAt } from "../member/member-columns.ts";
import { providedColumns, fieldsFrom, fieldsSet } from "../member/member-fields.ts";
import { afterSave, type SaveParams } from "../member/saved-member.ts";
import { logIf } from "../store/change-log.ts";
import { currentDefaultRole, whileDomainsAre } from "../store/organization-lock.ts";
import { keptStatement, statement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";

/**
 * `accountId`: the existing account; null for a new one (`newAccountId`), or for none while acceptance is pending.
 * `domainsVersion`: the verified domains of that decision.
 */
type AddParams = SaveParams & {
  readonly accountId: string | null;
  readonly newAccountId: string;
  readonly awaitsAcceptance: boolean;
  readonly domainsVersion: number;
};

/**
 * Starts a statement that adds a member: `joined` has the account. Accounts are locked before members, as when an email
 * address changes, to avoid deadlocks; therefore `saved` selects from `joined`, which is empty if the account has lost
 * the address.
 */
function withAccount(db: Kysely<Tables>, p: Parameter<AddParams>) {
  return whileDomainsAre(db, p("organizationId"), p("domainsVersion"))
    .with("made", (into) =>
      into
        .insertInto("account")
        .columns(["id", "email", "emailKey", "name", "createdAt", "updatedAt"])
        .expression((eb) =>
          eb
            .selectFrom("provisioned")
            .where(sql<boolean>`${p("accountId")}::uuid is null and not ${p("awaitsAcceptance")}`)
            .select([sql<string>`${p("newAccountId")}::uuid`.as("id"), sql`${p("userName")}`.as("email")])
            .select([sql`${p("userNameKey")}`.as("emailKey"), sql<string>`${p("name")}`.as("name")])
            .select([sql<Date>`${p("now")}`.as("createdAt"), sql<Date>`${p("now")}`.as("updatedAt")]),
        )
        .returning("id"),
    )
    .with("known", (from) =>
      from
        .selectFrom("account")
        .where("id", "=", p("accountId"))
        .where("emailKey", "=", p("userNameKey"))
        .select("id")
        .forKeyShare(),
    )
    .with("joined", (from) =>
      from
        .selectFrom("made")
        .select(sql<string | null>`id`.as("id"))
        .unionAll(from.selectFrom("known").select(sql<string | null>`id`.as("id")))
        .unionAll(
          from
            .selectFrom("provisioned")
            .where(p("awaitsAcceptance"))
            .select(sql<string | null>`null`.as("id")),
        ),
    );
}

/** Ends earlier links mailed to the address, and logs the end of the organization's own invitation. */
function afterAdd(p: Parameter<AddParams>) {
  const isGiven = sql<boolean>`exists (select from saved where not awaits_acceptance)`;
  const isNew = sql<boolean>`organization_id <> ${p("organizationId")}
    and exists (select from made) and exists (select from saved)`;
  return {
    ...afterSave(p, sql`exists (select from saved)`),
    mailed: endMailedChanges(p("userNameKey"), p("now"), isGiven),
    invited: endMailedInvitations(p("userNameKey"), p("now"), isNew),
    logged: logIf("saved", p("entries")),
  };
}

const addedNames = ["awaitsAcceptance", "inviteAt", "isManaged", "version", "createdAt", "updatedAt"] as const;
const inviteDue = (p: Parameter<AddParams>) =>
  sql<Date>`case when ${p("awaitsAcceptance")} then ${inviteFrom(p("now"))} end`;

/** Deletes former grants: a role may have been granted while the person was deleted. */
export const revive = statement<AddParams>()((db, p) => {
  const after = afterAdd(p);
  return withAccount(db, p)
    .with("saved", (to) =>
      to
        .updateTable("member")
        .from("joined")
        .set({ ...fieldsSet(p), awaitsAcceptance: p("awaitsAcceptance"), inviteAt: inviteDue(p) })
        .set((eb) => ({
          accountId: eb.ref("joined.id"),
          acceptedAt: sql.lit(null),
          isManaged: sql.lit(true),
          deletedAt: sql.lit(null),
        }))
        .set(touchedAt(p("now")))
        .where("organizationId", "=", p("organizationId"))
        .where("member.id", "=", p("memberId"))
        .where("isDeleted", "=", sql.lit(true))
        .where(sql<boolean>`exists (select from provisioned)`)
        .returningAll("member"),
    )
    .with("cleared", (from) =>
      from
        .deleteFrom("role_grant")
        .where("organizationId", "=", p("organizationId"))
        .where("memberId", "=", (eb) => eb.selectFrom("saved").select("saved.id"))
        .where(
          sql<boolean>`not (${p("grantsDefaultRole")}::boolean
              and role_id = ${currentDefaultRole(p("defaultRoleId"))} and source = 'default')`,
        ),
    )
    .with("granted", after.granted)
    .with("mailed", after.mailed)
    .with("invited", after.invited)
    .with("logged", after.logged)
    .with("waiting", after.waiting)
    .with("closed", after.closed)
    .with("closing_logged", after.closingLogged)
    .selectFrom("saved as m")
    .select(memberFields);
});

export const insert = keptStatement<AddParams>()("scim_member_insert", (db, p) => {
  const after = afterAdd(p);
  return withAccount(db, p)
    .with("saved", (into) =>
      into
        .insertInto("member")
        .columns(["organizationId", "id", "accountId", ...providedColumns, ...addedNames])
        .expression((eb) =>
          eb
            .selectFrom(["provisioned", "joined"])
            .select([sql<string>`${p("organizationId")}`.as("organizationId"), sql<string>`${p("memberId")}`.as("id")])
            .select(["joined.id as accountId", ...fieldsFrom(p)])
            .select([sql<boolean>`${p("awaitsAcceptance")}`.as("awaitsAcceptance"), inviteDue(p).as("inviteAt")])
            .select([sql.lit(true).as("isManaged"), sql.lit(1).as("version")])
            .select([sql<Date>`${p("now")}`.as("createdAt"), sql<Date>`${p("now")}`.as("updatedAt")]),
        )
        .returningAll(),
    )
    .with("granted", after.granted)
    .with("mailed", after.mailed)
    .with("invited", after.invited)
    .with("logged", after.logged)
    .with("waiting", after.waiting)
    .with("closed", after.closed)
    .with("closing_logged", after.closingLogged)
    .selectFrom("saved as m")
    .select(memberFields);
});
