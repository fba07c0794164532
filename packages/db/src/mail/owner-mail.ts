import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import { queueNotice, type Notice } from "./notice.ts";

/** What all owners of an organization are told. */
export type OwnerMail = Pick<Notice, "kind" | "subject" | "body">;

/** Queues a notice to each of the organization's active owners, at most fifty, in the transaction of what it tells of. */
export async function mailOwners(tx: Queryable, organizationId: string, mail: OwnerMail, now: Date): Promise<void> {
  for (const row of await tx.query(owners, [organizationId])) {
    const recipient = z.object({ email: z.string() }).parse(row).email;
    await queueNotice(tx, { ...mail, recipient, organizationId }, now);
  }
}

const owners = {
  name: "owner_addresses",
  text: `select distinct a.email from role r
    join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id
    join member m on m.organization_id = g.organization_id and m.id = g.member_id
    join account a on a.id = m.account_id
    where r.organization_id = $1 and r.kind = 'owner' and m.active and not m.awaits_acceptance and not m.is_deleted
      and a.email is not null
    order by 1 limit 50`,
};
