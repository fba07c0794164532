import type { AbsenceFacts, PresentFacts, ToldChange } from "@rollcall/domain";
import { z } from "zod";
import { isOwnerColumn } from "./member-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { activityOf, changeColumns, changeRow } from "../change/activity.ts";
import { memberStatuses, statusColumn } from "./member-list.ts";

export type PersonOfAddress = PresentFacts & { readonly isDeleted: boolean };

/**
 * The member of that name or id, who is here or, where nobody is, was here last; with the entry of the log that made them
 * what they are. `memberId` must be a UUID.
 */
export async function readPerson(
  sql: Queryable,
  organizationId: string,
  who: { readonly userNameKey: string } | { readonly memberId: string },
): Promise<PersonOfAddress | undefined> {
  const rows = await ("memberId" in who
    ? sql.query(byId, [organizationId, who.memberId])
    : sql.query(byName, [organizationId, who.userNameKey]));
  const [found] = rows.map((row) => personRow.parse(row));
  if (found === undefined) return undefined;
  const kinds = found.isDeleted ? endings : beginnings[found.status];
  const [row] = await sql.query(lastEntry, [organizationId, found.id, kinds]);
  return { ...found, entry: toldOf(row) };
}

const invitationRow = z.object({ state: z.enum(["open", "expired", "revoked"]), at: z.date() });

/** The newest invitation that was not accepted. `key`: as `emailKey` makes it. */
export async function readInvitation(
  sql: Queryable,
  organizationId: string,
  key: string,
  now: Date,
): Promise<AbsenceFacts["invitation"]> {
  const [row] = await sql.query(invitationOf, [organizationId, key, now]);
  return row === undefined ? null : invitationRow.parse(row);
}

/** What an entry of the log tells, or null for no row. */
export function toldOf(row: Record<string, unknown> | undefined): ToldChange | null {
  return row === undefined ? null : activityOf(changeRow.parse(row));
}

const personRow = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  status: z.enum(memberStatuses),
  isManaged: z.boolean(),
  isOwner: z.boolean(),
  isSsoExempt: z.boolean(),
  isDeleted: z.boolean(),
});

/** Which entries tell how somebody came to be in a state. */
const beginnings = {
  active: [],
  awaiting: ["member.created", "member.revived"],
  inactive: ["member.deactivated", "member.created", "member.revived"],
} as const satisfies Record<(typeof memberStatuses)[number], readonly string[]>;
const endings = ["member.deleted", "member.removed", "member.left"] as const;

const columns = `m.id, m.name, m.user_name as "userName", ${statusColumn} as status, m.is_managed as "isManaged",
  ${isOwnerColumn} as "isOwner", m.is_deleted as "isDeleted", exists (select 1 from exemption e
    where e.kind = 'sso' and e.organization_id = m.organization_id and e.member_id = m.id) as "isSsoExempt"`;
const byId = {
  name: "absence_member",
  text: `select ${columns} from member m where m.organization_id = $1 and m.id = $2`,
};
const byName = {
  name: "absence_name",
  text: `select * from ((select ${columns} from member m where m.organization_id = $1 and m.user_name_key = $2
      and not m.is_deleted)
    union all (select ${columns} from member m where m.organization_id = $1 and m.user_name_key = $2 and m.is_deleted
      order by m.deleted_at desc limit 1)) found order by "isDeleted" limit 1`,
};
const lastEntry = {
  name: "absence_entry",
  text: `select ${changeColumns} from change where organization_id = $1 and subject_id = $2 and refusal is null
    and kind = any($3::text[]) order by id desc limit 1`,
};
const invitationOf = {
  name: "absence_invitation",
  text: `select case when end_reason = 'revoked' then 'revoked' when expires_at <= $3 then 'expired' else 'open' end
      as state, case when end_reason = 'revoked' then ended_at when expires_at <= $3 then expires_at else sent_at end as at
    from invitation where organization_id = $1 and email_key = $2 and (ended_at is null or end_reason = 'revoked')
    order by id desc limit 1`,
};
