import { guardLimit, guardLosses, guardWindowMs, lossKinds, type Refusal } from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Queryable } from "./statement.ts";

/** The people are counted only where more of them lost something than any organization allows, as that reads them all. */
const facts = {
  name: "guard_facts",
  text: `select p.is_guard_on as "isOn", p.guard_released_until as "releasedUntil",
      case when loss.count > $3 then (select count(*)::int from member m where m.organization_id = p.organization_id
        and m.is_managed and not m.is_deleted) else 0 end as "managedMembers", loss.count as losses, loss.first as "firstLossAt"
    from provisioning p cross join lateral (
      select count(distinct c.subject_id)::int as count, min(c.at) as first from change c
      where c.organization_id = p.organization_id and c.actor_kind = 'token' and c.refusal is null
        and c.kind in (${lossKinds.map((kind) => `'${kind}'`).join(", ")}) and c.at > $2) loss
    where p.organization_id = $1`,
};

const shape = z.object({
  isOn: z.boolean(),
  releasedUntil: z.date().nullable(),
  managedMembers: z.number(),
  losses: z.number(),
  firstLossAt: z.date().nullable(),
});

/**
 * May what the provider has just taken stand? Call it after the write, in its transaction and under the organization's
 * lock; a refusal rolls the write back. A person who loses several things counts once.
 */
export async function checkGuard(
  tx: Queryable,
  organizationId: string,
  now: Date,
): Promise<Result<void, Refusal<"guardTripped">>> {
  const [row] = await tx.query(facts, [organizationId, new Date(now.getTime() - guardWindowMs), guardLimit(0)]);
  return guardLosses(shape.parse(row), now);
}
