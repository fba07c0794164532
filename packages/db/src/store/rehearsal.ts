import type { RuleError } from "@rollcall/domain";
import { ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Database } from "./database.ts";
import { newId } from "./id.ts";
import { lockOutProvider } from "./organization-lock.ts";
import { unitOf, type UnitOfWork } from "./unit-of-work.ts";
import type { WriteContext } from "./write-context.ts";

const effectRow = z.object({
  roleId: z.string(),
  role: z.string(),
  isGain: z.boolean(),
  count: z.number(),
  names: z.array(z.string()),
});
/** What a write would do with one role: how many people would gain or lose it, and the first of them by name. */
export type RoleEffect = Readonly<z.infer<typeof effectRow>>;

/**
 * Does an owner's write and undoes it again, and tells what the change log said of people's roles in between: so a preview
 * has no rules of its own. Nothing is saved and nothing logged, a refusal neither. What a person would lose and gain
 * again at once is left out, and so are a role that they have from elsewhere too and people who are inactive, whose roles
 * give nothing. While it runs, the provider waits.
 */
export function rehearse<E extends RuleError>(
  database: Database,
  context: WriteContext,
  work: (uow: UnitOfWork) => Promise<Result<unknown, E>>,
): Promise<Result<readonly RoleEffect[], E>> {
  return database.tenantOf(context.organizationId).transaction(
    async (tx): Promise<Result<readonly RoleEffect[], E>> => {
      await lockOutProvider(tx, context.organizationId);
      const since = newId();
      const done = await work(unitOf(tx, context));
      if (!done.ok) return done;
      await tx.em.flush();
      const rows = await tx.query(effects, [context.organizationId, since]);
      return ok(rows.map((row) => effectRow.parse(row)));
    },
    () => false,
  );
}

/** $1 organization, $2 an id older than all that was logged; `xmin` tells this transaction's entries from others'. */
const effects = {
  name: "rehearsal_effects",
  text: `with said as (select subject_id, subject_name, kind = 'member.role_granted' as is_gain,
        coalesce(after, before) as what
      from change where organization_id = $1 and id >= $2 and refusal is null
        and kind in ('member.role_granted', 'member.role_revoked') and xmin = pg_current_xact_id()::xid),
    moved as (select subject_id, min(subject_name) as name, what ->> 'roleId' as role_id, what ->> 'role' as role,
        sum(case when is_gain then 1 else -1 end) as sign
      from said join member m on m.organization_id = $1 and m.id = subject_id and m.active
      where not exists (select 1 from role_grant g where g.organization_id = $1 and g.member_id = subject_id
        and g.role_id = (what ->> 'roleId')::uuid and (not is_gain or g.source <> what ->> 'source'))
      group by subject_id, role_id, role having sum(case when is_gain then 1 else -1 end) <> 0)
    select role_id as "roleId", role, sign > 0 as "isGain", count(*)::int as count,
      (array_agg(name order by lower(name), subject_id))[1:5] as names
    from moved group by role_id, role, sign > 0 order by sign > 0, lower(role), role_id limit 200`,
};
