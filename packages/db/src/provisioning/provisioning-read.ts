import { guardLimit, isGuardLatched } from "@rollcall/domain";
import { sql } from "kysely";
import { jsonObjectFrom } from "kysely/helpers/postgres";
import { countLosses } from "../guard/guard-check.ts";
import { waitingCount } from "../guard/held-change.ts";
import type { Queryable } from "../store/queryable.ts";
import { readPeopleJob } from "./people-job.ts";
import { keptManaged } from "./provisioning-row.ts";

export type ProvisioningOverview = Awaited<ReturnType<typeof readProvisioningOverview>>;

/** The owners' provisioning screen. At most 1,000 domains. */
export async function readProvisioningOverview(sql: Queryable, organizationId: string, now: Date) {
  const [row, { losses, people }, mappingJob] = await Promise.all([
    readRow(sql, organizationId),
    countLosses(sql, organizationId, now),
    readPeopleJob(sql, organizationId, "mappings"),
  ]);
  const { held, latchedAt, holdsUntil, until, ...rest } = row;
  const releasedUntil = until !== null && until > now ? until : null;
  const isHolding = rest.isGuardOn && releasedUntil === null && isGuardLatched({ latchedAt, holdsUntil }, now);
  return {
    ...rest,
    /** What is left to do with the people, or was done with them, since provisioning was turned off. */
    peopleJob: rest.isEnabled ? null : await readPeopleJob(sql, organizationId, "turnedOff"),
    /** The application of the last list of mappings, if it took more than one transaction. */
    mappingJob,
    guard: {
      /** People who count as lost to the provider within the last 15 minutes. */
      losses,
      /** The number of people who may be lost within 15 minutes. */
      limit: guardLimit(people),
      /** Since when the guard holds; null if it does not, is off or released. */
      latchedAt: isHolding ? latchedAt : null,
      /** When the hold ends; null while a change is undecided. */
      holdsUntil: isHolding ? holdsUntil : null,
      /** Undecided changes. */
      held,
      /** Null unless an owner allows all removals now. */
      releasedUntil,
    },
  };
}

function readRow({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("provisioning as p")
    .innerJoin("organization as o", "o.id", "p.organizationId")
    .where("p.organizationId", "=", organizationId)
    .select(["o.name as organizationName", "p.isEnabled", "p.enabledAt", "p.ssoAcknowledgedAt", "p.ssoAcknowledgedBy"])
    .select(["p.isGuardOn", "p.keepsLocks", "p.onlyDirectoryRemoves", "p.guardReleasedUntil as until"])
    .select(["p.guardLatchedAt as latchedAt", "p.guardHoldsUntil as holdsUntil"])
    .select((eb) => {
      const role = eb
        .selectFrom("role as r")
        .whereRef("r.organizationId", "=", "p.organizationId")
        .whereRef("r.id", "=", "p.defaultRoleId")
        .where("r.deletedAt", "is", null);
      const sso = eb.selectFrom("sso_connection as c").whereRef("c.organizationId", "=", "p.organizationId");
      const domains = eb.selectFrom("verified_domain as d").whereRef("d.organizationId", "=", "p.organizationId");
      return [
        jsonObjectFrom(role.select(["r.id", "r.name", "r.kind"])).as("defaultRole"),
        eb.exists(sso.select("c.organizationId")).$castTo<boolean>().as("hasSso"),
        sql<string[]>`array(${domains.orderBy("d.domain").limit(1000).select("d.domain")})`.as("verifiedDomains"),
      ];
    })
    .select([waitingCount.$asScalar().$notNull().as("held"), keptManaged("managed").as("managedMembers")])
    .executeTakeFirstOrThrow();
}
