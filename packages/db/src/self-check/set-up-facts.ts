import type { SetUpFacts } from "@rollcall/domain";
import { z } from "zod";
import { readSignInWays } from "../sso/sign-in-ways.ts";
import type { Queryable } from "../store/queryable.ts";

/** What the checks judge before the provider's first call. */
export async function readSetUpFacts(sql: Queryable, organizationId: string): Promise<SetUpFacts> {
  const [row] = await sql.query(facts, [organizationId]);
  return { ...factsRow.parse(row), signIn: await readSignInWays(sql, organizationId) };
}

const factsRow = z.object({
  isEnabled: z.boolean(),
  defaultRole: z.object({ name: z.string(), kind: z.string(), isDeleted: z.boolean() }).nullable(),
  verifiedDomains: z.array(z.string()),
  isGuardOn: z.boolean(),
});

const facts = {
  name: "set_up_facts",
  text: `select p.is_enabled as "isEnabled", p.is_guard_on as "isGuardOn",
      (select jsonb_build_object('name', r.name, 'kind', r.kind, 'isDeleted', r.deleted_at is not null) from role r
        where r.organization_id = p.organization_id and r.id = p.default_role_id) as "defaultRole",
      array(select d.domain from verified_domain d where d.organization_id = p.organization_id
        order by d.domain limit 100) as "verifiedDomains"
    from provisioning p where p.organization_id = $1`,
};
