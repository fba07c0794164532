import type { SignInWays } from "@rollcall/domain";
import { z } from "zod";
import { isPasswordLocked } from "../account/member-lock.ts";
import { isOwnerColumn } from "../member/member-row.ts";
import type { Queryable } from "../store/queryable.ts";

/** Counts the members with access by how they can sign in; one pass over them. */
export async function readSignInWays(sql: Queryable, organizationId: string): Promise<SignInWays> {
  const [row] = await sql.query(counts, [organizationId]);
  return countsRow.parse(row);
}

const countsRow = z.object({
  hasSso: z.boolean(),
  people: z.number(),
  withPassword: z.number(),
  withoutPassword: z.number(),
  locked: z.number(),
});

const counts = {
  name: "sign_in_ways",
  text: `with connection as (select is_required from sso_connection where organization_id = $1)
    select exists (select 1 from connection) as "hasSso", count(*)::int as people,
      count(*) filter (where a.password_hash is not null and (not coalesce((select is_required from connection), false)
        or ${isOwnerColumn} or exists (select 1 from exemption e where e.kind = 'sso' and e.organization_id = m.organization_id
          and e.member_id = m.id)))::int as "withPassword",
      count(*) filter (where a.password_hash is null)::int as "withoutPassword",
      count(*) filter (where a.password_hash is null and (a.email_key is null or ${isPasswordLocked}))::int as locked
    from member m join account a on a.id = m.account_id
    where m.organization_id = $1 and m.active and not m.awaits_acceptance and not m.is_deleted`,
};
