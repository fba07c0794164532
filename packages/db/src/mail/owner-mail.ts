import type { NotNull } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import { queueNotice, type Notice } from "./notice.ts";

/** A notice to all owners of an organization. */
export type OwnerMail = Pick<Notice, "kind" | "subject" | "body">;

/** Queues a notice to each of the organization's active owners, at most fifty, in the transaction of its cause. */
export async function mailOwners(tx: Queryable, organizationId: string, mail: OwnerMail, now: Date): Promise<void> {
  for (const { email } of await ownerAddresses(tx, organizationId)) {
    await queueNotice(tx, { ...mail, recipient: email, organizationId }, now);
  }
}

function ownerAddresses({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("role as r")
    .innerJoin("role_grant as g", (on) =>
      on.onRef("g.organizationId", "=", "r.organizationId").onRef("g.roleId", "=", "r.id"),
    )
    .innerJoin("member as m", (on) =>
      on.onRef("m.organizationId", "=", "g.organizationId").onRef("m.id", "=", "g.memberId"),
    )
    .innerJoin("account as a", "a.id", "m.accountId")
    .where("r.organizationId", "=", organizationId)
    .where("r.kind", "=", "owner")
    .where("m.active", "=", true)
    .where("m.awaitsAcceptance", "=", false)
    .where("m.isDeleted", "=", false)
    .where("a.email", "is not", null)
    .select("a.email")
    .$narrowType<{ email: NotNull }>()
    .distinct()
    .orderBy("a.email")
    .limit(50)
    .execute();
}
