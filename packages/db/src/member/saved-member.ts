import { sql, type Expression, type Selectable } from "kysely";
import { changeValue, logIf } from "../store/change-log.ts";
import { currentDefaultRole } from "../store/organization-lock.ts";
import { parts, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import type { KeyedFields } from "./member-fields.ts";

/** What each statement that saves a member takes. `entries`, `closing`: by `changeValue` and `closingValue`. */
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
 * The common table expressions that follow `saved`, which is the member that a statement has saved, if any: each statement
 * names them as here.
 */
export const afterSave = (p: Parameter<SaveParams>, closesIf: Expression<boolean>) => ({
  granted: grantDefaultRole(p),
  waiting: openInvitation(p),
  closed: closeInvitation(p, closesIf),
  besides: logIf("closed", p("closing"), { subjectId: sql`(select id from closed)` }),
});

/** Gives the default role, if that is asked for. */
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
 * The open invitation to the userName. It is asked for as the first one from its key on, so that a kept plan goes by that
 * key, and is open while `end_reason` is null, as a condition on `ended_at` would lead to the partial index.
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
 * Closes it where that holds, so that nobody whom the directory adds, renames to that address or removes comes in by an old
 * link as well (AR-35); `besides` logs it.
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

/** The entry of a closed invitation; it names the invited person by the directory's userName, which is the address. */
export function closingValue(context: WriteContext, userName: string): string {
  const subject = { kind: "invitation", id: null, name: userName } as const;
  return changeValue([{ ...entryOf(context), kind: "invitation.closed", subject }]);
}
