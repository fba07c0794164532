import { z } from "zod";
import { isOwnerColumn, memberColumns, memberOf, type MemberRow } from "./member-row.ts";
import type { Queryable } from "../store/queryable.ts";

/** A member, and what the owners' rules ask about them. */
export type MemberStanding = MemberRow & {
  readonly isOwner: boolean;
  /** The living roles that they hold, by whatever source. */
  readonly heldRoleIds: readonly string[];
  /** Those of them that a mapping gives. */
  readonly mappedRoleIds: readonly string[];
};

const more = z.object({ isOwner: z.boolean(), heldRoleIds: z.array(z.string()), mappedRoleIds: z.array(z.string()) });

/** The member, held for the rest of the transaction, or undefined. Under the organization's lock; `id` must be a UUID. */
export function holdMember(tx: Queryable, organizationId: string, id: string): Promise<MemberStanding | undefined> {
  return found(tx, held, organizationId, id);
}

/** As `holdMember`, for a screen. */
export function readStanding(sql: Queryable, organizationId: string, id: string): Promise<MemberStanding | undefined> {
  return found(sql, read, organizationId, id);
}

async function found(
  sql: Queryable,
  statement: typeof read,
  organizationId: string,
  id: string,
): Promise<MemberStanding | undefined> {
  const [row] = await sql.query(statement, [organizationId, id]);
  const member = memberOf(row);
  return member === null ? undefined : { ...member, ...more.parse(row) };
}

const read = {
  name: "member_standing",
  text: `select ${memberColumns}, ${isOwnerColumn} as "isOwner",
      array(select distinct g.role_id from role_grant g
        join role r on r.organization_id = g.organization_id and r.id = g.role_id and r.deleted_at is null
        where g.organization_id = m.organization_id and g.member_id = m.id) as "heldRoleIds",
      array(select g.role_id from role_grant g where g.organization_id = m.organization_id and g.member_id = m.id
        and g.source = 'mapping') as "mappedRoleIds"
    from member m where m.organization_id = $1 and m.id = $2 and not m.is_deleted`,
};
const held = { name: "member_standing_held", text: `${read.text} for no key update of m` };
