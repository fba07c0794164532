import type { Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/** Somebody whom the locks of the organization leave alone, and since when by whose word. */
export type LockExemption = {
  readonly memberId: string;
  readonly name: string;
  readonly userName: string;
  readonly createdBy: string;
  readonly createdAt: Date;
};

/** By name, at most 1,000. */
export async function listLockExemptions(sql: Queryable, organizationId: string): Promise<readonly LockExemption[]> {
  return (await sql.query(list, [organizationId])).map((row) => listedRow.parse(row));
}

/** Lets a member leave, change e-mail and password as if nobody managed them; `false` ends that. `memberId`: a UUID. */
export function setLockExemption(
  database: Database,
  context: WriteContext,
  wish: { readonly memberId: string; readonly isExempt: boolean },
): Promise<Result<void, Refusal<"memberNotFound">>> {
  const { memberId, isExempt } = wish;
  const { organizationId, now, actor } = context;
  const kind = isExempt ? "member.lock_exempted" : "member.lock_exemption_ended";
  const nobody = { kind: "member", id: memberId, name: "" } as const;
  return inOrganization(database, context, { kind, subject: nobody }, async (tx) => {
    const [row] = await tx.query(nameOf, [organizationId, memberId]);
    if (row === undefined) return err({ kind: "memberNotFound", memberId });
    const values = [organizationId, memberId];
    const changed = await (isExempt ? tx.query(add, [...values, actor.name, now]) : tx.query(remove, values));
    if (changed.length === 0) return ok(undefined);
    const subject = { ...nobody, name: z.object({ name: z.string() }).parse(row).name };
    await recordChanges(tx, [{ ...entryOf(context), kind, subject }]);
    return ok(undefined);
  });
}

const listedRow = z.object({
  memberId: z.string(),
  name: z.string(),
  userName: z.string(),
  createdBy: z.string(),
  createdAt: z.date(),
});

const list = {
  name: "lock_exemptions",
  text: `select m.id as "memberId", m.name, m.user_name as "userName", e.created_by as "createdBy",
      e.created_at as "createdAt"
    from exemption e join member m on m.organization_id = e.organization_id and m.id = e.member_id
    where e.organization_id = $1 and e.kind = 'locks' and not m.is_deleted order by m.name_key, m.id limit 1000`,
};
const nameOf = {
  name: "lock_exemption_member",
  text: "select name from member where organization_id = $1 and id = $2 and not is_deleted",
};
const add = {
  name: "lock_exemption_add",
  text: `insert into exemption (organization_id, member_id, kind, created_by, created_at) values ($1, $2, 'locks', $3, $4)
    on conflict do nothing returning member_id`,
};
const remove = {
  name: "lock_exemption_remove",
  text: "delete from exemption where organization_id = $1 and member_id = $2 and kind = 'locks' returning member_id",
};
