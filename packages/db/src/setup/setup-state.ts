import { isBreakGlass } from "@rollcall/domain";
import { sql } from "kysely";
import { jsonBuildObject } from "kysely/helpers/postgres";
import type { Queryable } from "../store/queryable.ts";

const shownMax = 5;

/** The owners' stored progress in the wizard; undefined before the start. */
export function findSetup({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("setup")
    .where("organizationId", "=", organizationId)
    .select(["provider", "startedAt", "startedBy", "finishedAt", "finishedBy"])
    .executeTakeFirst();
}

/** The settings for the wizard's prerequisites and switches. `domains`: the first five. */
export function readSetupSettings({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("provisioning as p")
    .leftJoin("sso_connection as c", "c.organizationId", "p.organizationId")
    .where("p.organizationId", "=", organizationId)
    .select(["p.isEnabled", "p.enabledAt", "p.ssoAcknowledgedAt", "p.ssoAcknowledgedBy", "c.testedAt as ssoTestedAt"])
    .select((eb) => {
      const domains = eb.selectFrom("verified_domain as d").whereRef("d.organizationId", "=", "p.organizationId");
      const firstDomains = domains.select("d.domain").orderBy("d.domain").limit(shownMax);
      return [
        eb
          .selectFrom("role as r")
          .whereRef("r.organizationId", "=", "p.organizationId")
          .whereRef("r.id", "=", "p.defaultRoleId")
          .where("r.deletedAt", "is", null)
          .select((role) =>
            jsonBuildObject({ id: role.ref("r.id"), name: role.ref("r.name"), kind: role.ref("r.kind") }).as("role"),
          )
          .as("defaultRole"),
        eb("c.organizationId", "is not", null).$castTo<boolean>().as("hasSso"),
        domains
          .select((domain) => domain.fn.countAll<number>().as("count"))
          .$asScalar()
          .$notNull()
          .as("domainCount"),
        sql<string[]>`array(${firstDomains})`.as("domains"),
      ];
    })
    .executeTakeFirstOrThrow();
}

/**
 * The owners who can sign in without the identity provider, exempt ones first; at most five. Reads at most a thousand
 * owners.
 */
export async function breakGlassOwners({ db }: Queryable, organizationId: string) {
  const owners = await db
    .selectFrom("member as m")
    .innerJoin("account as a", "a.id", "m.accountId")
    .leftJoin("exemption as e", (on) =>
      on.on("e.kind", "=", "locks").onRef("e.organizationId", "=", "m.organizationId").onRef("e.memberId", "=", "m.id"),
    )
    .where("m.organizationId", "=", organizationId)
    .where("m.active", "=", true)
    .where("m.awaitsAcceptance", "=", false)
    .where("m.isDeleted", "=", false)
    .where("m.id", "in", (eb) =>
      eb
        .selectFrom("role as r")
        .innerJoin("role_grant as g", (on) =>
          on.onRef("g.organizationId", "=", "r.organizationId").onRef("g.roleId", "=", "r.id"),
        )
        .where("r.organizationId", "=", organizationId)
        .where("r.kind", "=", "owner")
        .select("g.memberId"),
    )
    .select((eb) => [
      "m.id as memberId",
      "m.name",
      "m.isManaged",
      eb("a.passwordHash", "is not", null).$castTo<boolean>().as("hasPassword"),
      eb("e.memberId", "is not", null).$castTo<boolean>().as("isLockExempt"),
    ])
    .orderBy((eb) => eb("e.memberId", "is", null))
    .orderBy("m.id")
    .limit(1000)
    .execute();
  return owners
    .filter(isBreakGlass)
    .slice(0, shownMax)
    .map(({ memberId, name, isLockExempt }) => ({ memberId, name, isLockExempt }));
}
