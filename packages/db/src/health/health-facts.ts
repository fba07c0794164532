import type { HealthFacts } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import { readProvisioningOverview } from "../provisioning/provisioning-read.ts";

const tokensMax = 1000;
const callsMax = 100;
const strangersMax = 20;

const factsRow = z.object({ disabledAt: z.date().nullable() });
const tokenRow = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.date(),
  expiresAt: z.date(),
  revokedAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
});
const callRow = z.object({
  at: z.date(),
  tokenId: z.string(),
  method: z.string(),
  status: z.number(),
  detail: z.string().nullable(),
});

/** What the health of an organization's provisioning is judged by; every part is read by its key. */
export async function readHealthFacts(sql: Queryable, organizationId: string, now: Date): Promise<HealthFacts> {
  const [overview, [found], tokens, calls, strangers] = await Promise.all([
    readProvisioningOverview(sql, organizationId, now),
    sql.query(facts, [organizationId]),
    sql.query(newestTokens, [organizationId, tokensMax]),
    sql.query(newestCalls, [organizationId, callsMax]),
    sql.query(newestStrangers, [organizationId, strangersMax]),
  ]);
  const { disabledAt } = factsRow.parse(found);
  const { isEnabled, enabledAt, guard } = overview;
  return {
    isEnabled,
    enabledAt,
    disabledAt,
    tokens: tokens.map((row) => tokenRow.parse(row)),
    guard: { latchedAt: guard.latchedAt, held: guard.held, limit: guard.limit },
    calls: calls.map((row) => callRow.parse(row)),
    strangers: strangers.map((row) => callRow.parse(row)),
  };
}

/** Entries about the settings have no subject's id; there are few of them. */
const facts = {
  name: "health_facts",
  text: `select (select c.at from change c where c.organization_id = $1 and c.subject_id is null
      and c.kind = 'provisioning.disabled' and c.refusal is null order by c.id desc limit 1) as "disabledAt"`,
};
const newestTokens = {
  name: "health_tokens",
  text: `select id, name, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt",
      last_used_at as "lastUsedAt" from scim_token where organization_id = $1 order by id desc limit $2`,
};
const columns = `at, token_id as "tokenId", method, status, detail`;
/** Why a call is noted that had no right secret (`noteCall` of the SCIM service). */
const unproven = "coalesce(refusal, '') in ('tokenSecretWrong', 'tokenMalformed')";
const newestCalls = {
  name: "health_calls",
  text: `select ${columns} from scim_request where organization_id = $1 and not ${unproven} order by id desc limit $2`,
};
/** Among the newest of the failures, which have an index; further ones say nothing of now. */
const newestStrangers = {
  name: "health_strangers",
  text: `select ${columns} from (select * from scim_request where organization_id = $1 and status >= 400
    order by id desc limit 1000) failed where ${unproven} order by id desc limit $2`,
};
