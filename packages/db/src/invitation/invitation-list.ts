import { invitationState, type InvitationState } from "@rollcall/domain";
import { foldText } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";

const listedShape = z.object({
  id: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  invitedBy: z.string(),
  sentAt: z.date(),
  expiresAt: z.date(),
});
/** An invitation that has not ended, as owners see it: `roles` by name, those that still exist. */
export type ListedInvitation = z.infer<typeof listedShape> & { readonly state: InvitationState };

export const invitationSorts = ["email", "sent", "expires"] as const;
type InvitationSort = (typeof invitationSorts)[number];

/** `search` looks into the address as plain text; the newest first where `sort` is left out; `page` counts from 1. */
export type InvitationQuery = {
  readonly search?: string | undefined;
  readonly state?: "open" | "expired" | undefined;
  readonly sort?: InvitationSort | undefined;
  readonly desc?: boolean | undefined;
  readonly page: number;
  readonly pageSize: number;
};

/** `waiting`: all that have not ended; `total`: those of them that match. */
export type InvitationsPage = {
  readonly waiting: number;
  readonly total: number;
  readonly invitations: readonly ListedInvitation[];
};

/** One page of the invitations that have not ended, expired or not. */
export async function listInvitations(
  sql: Queryable,
  organizationId: string,
  query: InvitationQuery,
  now: Date,
): Promise<InvitationsPage> {
  const { page, pageSize } = query;
  const search = query.search === undefined || query.search === "" ? null : foldText(query.search);
  const wishes = [organizationId, search, query.state ?? null, now];
  const [[counted], rows] = await Promise.all([
    sql.query(count, wishes),
    sql.query(pageOf(query), [...wishes, pageSize, (page - 1) * pageSize]),
  ]);
  const counts = z.object({ waiting: z.number(), total: z.number() }).parse(counted);
  const invitations = rows.map((row) => {
    const invitation = listedShape.parse(row);
    return { ...invitation, state: invitationState({ ...invitation, endedAt: null }, now) };
  });
  return { ...counts, invitations };
}

const waiting = "i.organization_id = $1 and i.ended_at is null";
/** As `invitationState` decides: it holds until the moment at which it expires. */
const matches = `($2::text is null or position($2 in i.email_key) > 0)
  and ($3::text is null or ($3 = 'open') = (i.expires_at > $4))`;

const count = {
  name: "invitation_count",
  text: `select count(*)::int as waiting, count(*) filter (where ${matches})::int as total from invitation i where ${waiting}`,
};

/** Each ends with the id, so that equals keep their places from page to page. */
const orders = {
  email: (way: string) => `i.email_key ${way}, i.id ${way}`,
  sent: (way: string) => `i.sent_at ${way}, i.id ${way}`,
  expires: (way: string) => `i.expires_at ${way}, i.id ${way}`,
} as const satisfies Record<InvitationSort, (way: string) => string>;

const pageOf = ({ sort = "sent", desc = sort === "sent" }: InvitationQuery) => ({
  name: "invitation_page",
  text: `select i.id, i.email, i.invited_by_name as "invitedBy", i.sent_at as "sentAt", i.expires_at as "expiresAt",
      array(select r.name from role r where r.organization_id = i.organization_id and r.id = any(i.role_ids)
        and r.deleted_at is null order by r.name_key) as roles
    from invitation i where ${waiting} and ${matches} order by ${orders[sort](desc ? "desc" : "asc")} limit $5 offset $6`,
});
