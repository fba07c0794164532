import type { SetupCheckFacts } from "@rollcall/domain";
import { sql } from "kysely";
import { jsonBuildObject } from "kysely/helpers/postgres";
import { readSignInWays } from "../sso/sign-in-ways.ts";
import type { Queryable } from "../store/queryable.ts";

/** The facts for the checks before the provider's first request. */
export async function readSetupCheckFacts(tx: Queryable, organizationId: string): Promise<SetupCheckFacts> {
  const facts = await tx.db
    .selectFrom("provisioning as p")
    .where("p.organizationId", "=", organizationId)
    .select((eb) => [
      "p.isEnabled",
      "p.isGuardOn",
      eb
        .selectFrom("role as r")
        .whereRef("r.organizationId", "=", "p.organizationId")
        .whereRef("r.id", "=", "p.defaultRoleId")
        .select((role) => {
          const isDeleted = role("r.deletedAt", "is not", null).$castTo<boolean>();
          return jsonBuildObject({ name: role.ref("r.name"), kind: role.ref("r.kind"), isDeleted }).as("role");
        })
        .as("defaultRole"),
      sql<string[]>`array(${eb
        .selectFrom("verified_domain as d")
        .whereRef("d.organizationId", "=", "p.organizationId")
        .select("d.domain")
        .orderBy("d.domain")
        .limit(100)})`.as("verifiedDomains"),
    ])
    .executeTakeFirstOrThrow();
  return { ...facts, signIn: await readSignInWays(tx, organizationId) };
}
