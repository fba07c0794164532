import { sql, type Expression, type Selectable } from "kysely";
import { changeValue, logIf } from "../store/change-log.ts";
import { currentDefaultRole } from "../store/organization-lock.ts";
import { parts, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import type { KeyedFields } from "./member-fields.ts";

/**
 * The parameters of each statement that saves a member. `entries`, `closing`: from `changeValue` and `closingValue`.
 */
export type SaveParams = KeyedFields & {
  readonly organizationId: string;
  readonly memberId: string;
  readonly now: Date;
  readonly grantsDefaultRole: boolean;
  readonly defaultRoleId: string | null;
  readonly entries: string;
  readonly closing: string;
};

/**
 * The common table expressions after `saved`, the member that a statement has saved, if any. Statements must use these
 * names.
 */
export const afterSave = (p: Parameter<SaveParams>, closesIf: Expression<boolean>) => ({
  granted: grantDefaultRole(p),
  waiting: openInvitation(p),
  closed: closeInvitation(p, closesIf),
  closingLogged: logIf("closed", p("closing"), { subjectId: sql`(select id from closed)` }),
});

/** Grants the default role, if requested. */
function grantDefaultRole(p: Parameter<SaveParams>) {
  const granted = parts
    .withTables<{ saved: Selectable<Tables["member"]> }>()
    .selectFrom("saved as m")
    .where(sql<boolean>`${p("grantsDefaultRole")}::boolean`)
    .select(["m.organizationId", "m.id as memberId", currentDefaultRole(p("defaultRoleId")).as("roleId")])
    .select([sql.lit("default").as("source"), sql<Date>`${p("now")}`.as("createdAt")]);
  return sql<object>`(${parts
    .insertInto("role_grant")
    .columns(["organizationId", "memberId", "roleId", "source", "createdAt"])
    .expression(granted)
    .onConflict((on) => on.doNothing())})`;
}

/**
 * The open invitation to the userName. Selected as the first one from its key on, so that a kept plan uses that key. A
 * condition on `ended_at` would make it use the partial index, so `end_reason` is compared.
 */
function openInvitation(p: Parameter<SaveParams>) {
  const [organizationId, key] = [p("organizationId"), p("userNameKey")];
  const first = parts
    .selectFrom("invitation")
    .where(sql<boolean>`(organization_id, email_key) >= (${organizationId}::uuid, ${key}::text)`)
    .where("endedAt", "is", null)
    .orderBy("organizationId")
    .orderBy("emailKey")
    .limit(sql.lit(1))
    .select(["id", "organizationId", "emailKey"]);
  return sql<{ id: string }>`${parts
    .selectFrom(first.as("i"))
    .where("i.organizationId", "=", organizationId)
    .where("i.emailKey", "=", key)
    .select("i.id")}`;
}

/**
 * Closes the open invitation if `closesIf`, so that a person whom the directory adds, removes or changes to that
 * address cannot use an old link (AR-35); `besides` logs it.
 */
function closeInvitation(p: Parameter<SaveParams>, closesIf: Expression<boolean>) {
  return sql<{ id: string }>`(${parts
    .updateTable("invitation as i")
    .set({ endedAt: p("now"), endReason: sql.lit("provisioned") })
    .where("i.organizationId", "=", p("organizationId"))
    .where("i.id", "=", sql<string>`(select id from waiting)`)
    .where("i.endReason", "is", null)
    .where(closesIf)
    .returning("i.id")})`;
}

/** The log entry of a closed invitation, with the directory's userName, which is the address. */
export function closingValue(context: WriteContext, userName: string): string {
  const subject = { kind: "invitation", id: null, name: userName } as const;
  return changeValue([{ ...entryOf(context), kind: "invitation.closed", subject }]);
}
