import type { HealthFacts } from "@rollcall/domain";
import { sql } from "kysely";
import { readProvisioningOverview } from "../provisioning/provisioning-read.ts";
import type { Queryable } from "../store/queryable.ts";

const tokensMax = 1000;
const requestsMax = 100;
const failuresMax = 1000;
const unauthenticatedMax = 20;

/** The facts for the health of an organization's provisioning; every part is read by its key. */
export async function readHealthFacts(database: Queryable, organizationId: string, now: Date): Promise<HealthFacts> {
  const { db } = database;
  const [overview, disabled, tokens, requests, unauthenticated] = await Promise.all([
    readProvisioningOverview(database, organizationId, now),
    lastDisabled(db, organizationId),
    db
      .selectFrom("scim_token")
      .where("organizationId", "=", organizationId)
      .select(["id", "name", "createdAt", "expiresAt", "revokedAt", "lastUsedAt"])
      .orderBy("id", "desc")
      .limit(tokensMax)
      .execute(),
    newestRequests(db, organizationId)
      .where(sql<boolean>`not ${isUnproven}`)
      .select(columns)
      .limit(requestsMax)
      .execute(),
    newestUnproven(db, organizationId),
  ]);
  const { isEnabled, enabledAt, guard } = overview;
  const { latchedAt, held, limit } = guard;
  const disabledAt = disabled?.at ?? null;
  return { isEnabled, enabledAt, disabledAt, tokens, guard: { latchedAt, held, limit }, requests, unauthenticated };
}

/** Entries about the settings have no subject id; there are few of them. */
function lastDisabled(db: Queryable["db"], organizationId: string) {
  return db
    .selectFrom("change")
    .where("organizationId", "=", organizationId)
    .where("subjectId", "is", null)
    .where("kind", "=", "provisioning.disabled")
    .where("refusal", "is", null)
    .select("at")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

const columns = ["q.at", "q.tokenId", "q.method", "q.status", "q.detail"] as const;
/** The request was recorded without a valid secret (`recordRequest` of the SCIM service). */
const isUnproven = sql<boolean>`coalesce(q.refusal, '') in ('tokenSecretWrong', 'tokenMalformed')`;

function newestRequests(db: Queryable["db"], organizationId: string) {
  return db.selectFrom("scim_request as q").where("q.organizationId", "=", organizationId).orderBy("q.id", "desc");
}

/** Only the newest failures, by their index; older ones say nothing about the present. */
function newestUnproven(db: Queryable["db"], organizationId: string) {
  const failed = newestRequests(db, organizationId).where("q.status", ">=", 400).selectAll().limit(failuresMax);
  return db
    .selectFrom(failed.as("q"))
    .where(isUnproven)
    .select(columns)
    .orderBy("q.id", "desc")
    .limit(unauthenticatedMax)
    .execute();
}
