import { invitationState, type InvitationState } from "@rollcall/domain";
import { foldText } from "@rollcall/scim-protocol";
import { expressionBuilder, sql, type SelectQueryBuilder } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { isSuspended } from "./invitation-row.ts";

/** An open, suspended or expired invitation for owners: `roles` by name, only existing ones. */
export type ListedInvitation = Awaited<ReturnType<typeof readPage>>[number] & { readonly state: InvitationState };

const sortColumns = { email: "i.emailKey", sent: "i.sentAt", expires: "i.expiresAt" } as const;
export const invitationSorts = ["email", "sent", "expires"] as const satisfies readonly (keyof typeof sortColumns)[];

/** `search` matches the address as plain text; newest first by default; `page` counts from 1. */
export type InvitationQuery = {
  readonly search?: string | undefined;
  readonly state?: "open" | "suspended" | "expired" | undefined;
  readonly sort?: (typeof invitationSorts)[number] | undefined;
  readonly desc?: boolean | undefined;
  readonly page: number;
  readonly pageSize: number;
};

/** `waiting`: invitations that have not ended; `total`: those that match. */
export type InvitationsPage = {
  readonly waiting: number;
  readonly total: number;
  readonly invitations: readonly ListedInvitation[];
};

/** One page of the invitations that have not ended. */
export async function listInvitations(
  { db }: Queryable,
  organizationId: string,
  query: InvitationQuery,
  now: Date,
): Promise<InvitationsPage> {
  const waiting = db
    .selectFrom("invitation as i")
    .where("i.organizationId", "=", organizationId)
    .where("i.endedAt", "is", null);
  const matching = matches(db, query, now);
  const [counts, rows] = await Promise.all([
    waiting
      .select((eb) => [
        eb.fn.countAll<number>().as("waiting"),
        eb.fn.countAll<number>().filterWhere(matching).as("total"),
      ])
      .executeTakeFirstOrThrow(),
    readPage(db, waiting.where(matching), query),
  ]);
  const invitations = rows.map((row) => ({ ...row, state: invitationState({ ...row, endedAt: null }, now) }));
  return { ...counts, invitations };
}

type Named = Tables & { i: Tables["invitation"] };
const eb = expressionBuilder<Named, "i">();

/** As in `invitationState`: an invitation is open or suspended until the moment it expires. */
function matches(db: Queryable["db"], { search = "", state }: InvitationQuery, now: Date) {
  const live = eb("i.expiresAt", ">", now);
  const states = {
    open: eb.and([live, eb.not(isSuspended(db))]),
    suspended: eb.and([live, isSuspended(db)]),
    expired: eb.not(live),
  };
  return eb.and([
    ...(search === "" ? [] : [sql<boolean>`position(${foldText(search)} in ${eb.ref("i.emailKey")}) > 0`]),
    ...(state === undefined ? [] : [states[state]]),
  ]);
}

/** The order ends with the id, so that equal rows stay in place across pages. */
function readPage(db: Queryable["db"], matching: SelectQueryBuilder<Named, "i", object>, query: InvitationQuery) {
  const { page, pageSize, sort = "sent", desc = sort === "sent" } = query;
  const way = desc ? "desc" : "asc";
  const roles = eb
    .selectFrom("role as r")
    .whereRef("r.organizationId", "=", "i.organizationId")
    .whereRef("r.id", "=", (r) => r.fn.any("i.roleIds"))
    .where("r.deletedAt", "is", null)
    .select("r.name")
    .orderBy("r.nameKey");
  return matching
    .select(["i.id", "i.email", "i.invitedByName as invitedBy", "i.sentAt", "i.expiresAt"])
    .select(isSuspended(db).as("isSuspended"))
    .select(sql<string[]>`array(${roles})`.as("roles"))
    .orderBy(sortColumns[sort], way)
    .orderBy("i.id", way)
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute();
}
