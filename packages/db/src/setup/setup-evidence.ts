import { sql, type NotNull } from "kysely";
import { readActiveTokens } from "../scim-token/scim-token-store.ts";
import { firstIdAt } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

/** The provider's actions since a time; null or empty if there were none. */
type SetupEvidence = Awaited<ReturnType<typeof readSetupEvidence>>;

export const noEvidence: SetupEvidence = {
  token: null,
  firstRequest: null,
  firstUser: null,
  firstDeactivation: null,
  refused: [],
};

/** The maximum clock difference between processes that create ids; `at` then decides. */
const clockSkewMs = 60_000;

export async function readSetupEvidence(
  sql: Queryable,
  organizationId: string,
  { since, now }: { readonly since: Date; readonly now: Date },
) {
  const seen = { organizationId, since, firstId: firstIdAt(new Date(since.getTime() - clockSkewMs)) };
  const tokens = await readActiveTokens(sql, organizationId, now);
  const token = tokens.findLast(({ createdAt }) => createdAt >= since);
  const requests = requestsOf(sql, seen);
  const accepted = requests.where("q.status", "<", 400).orderBy("q.id").limit(1);
  const refused = requests.where("q.status", ">=", 400).orderBy("q.id", "desc").limit(3);
  return {
    /** The newest active token issued since. */
    token: token === undefined ? null : shownToken(token),
    firstRequest: (await accepted.executeTakeFirst()) ?? null,
    firstUser: (await firstUser(sql, seen)) ?? null,
    firstDeactivation: (await firstDeactivation(sql, seen)) ?? null,
    /** The newest refused requests, newest first; at most three. */
    refused: await refused.execute(),
  };
}

/** `prefix`: the public start of its text. */
function shownToken({ id, name, keyId, createdAt, createdBy }: Awaited<ReturnType<typeof readActiveTokens>>[number]) {
  return { id, name, prefix: `rcl_${keyId}`, createdAt, createdBy };
}

type Seen = { readonly organizationId: string; readonly since: Date; readonly firstId: string };

/** `tokenPrefix`: the public start of its token. */
function requestsOf({ db }: Queryable, { organizationId, since, firstId }: Seen) {
  return db
    .selectFrom("scim_request as q")
    .leftJoin("scim_token as t", (on) =>
      on.onRef("t.organizationId", "=", "q.organizationId").onRef("t.id", "=", "q.tokenId"),
    )
    .where("q.organizationId", "=", organizationId)
    .where("q.id", ">=", firstId)
    .where("q.at", ">=", since)
    .select(["q.at", "q.method", "q.path", "q.status", "q.detail", "q.client", "q.ip"])
    .select((eb) => [
      eb.fn.coalesce("t.name", sql.lit("")).as("tokenName"),
      sql<string>`'rcl_' || coalesce(t.key_id, '')`.as("tokenPrefix"),
    ]);
}

const event = ["at", "kind", "subjectId as memberId", "subjectName as name", "actorName as tokenName"] as const;

/** A provider creates people first, so that reading 10,000 entries suffices. */
function firstUser({ db }: Queryable, { organizationId, since, firstId }: Seen) {
  const entries = db
    .selectFrom("change")
    .where("organizationId", "=", organizationId)
    .where("id", ">=", firstId)
    .where("at", ">=", since)
    .selectAll()
    .orderBy("id")
    .limit(10_000);
  const kinds = ["member.created", "member.linked", "member.revived"] as const;
  return db
    .selectFrom(entries.as("c"))
    .where((eb) => eb.and({ actorKind: "token", refusal: null }))
    .where("subjectId", "is not", null)
    .where("kind", "in", kinds)
    .select(event)
    .$narrowType<{ memberId: NotNull; kind: (typeof kinds)[number] }>()
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
}

/** Has the condition of the index of losses (`change_loss`), so that the index is used. */
function firstDeactivation({ db }: Queryable, { organizationId, since }: Seen) {
  return db
    .selectFrom("change")
    .where("organizationId", "=", organizationId)
    .where("at", ">=", since)
    .where((eb) => eb.and({ kind: "member.deactivated", actorKind: "token", refusal: null }))
    .where("subjectId", "is not", null)
    .select(event)
    .$narrowType<{ memberId: NotNull; kind: "member.deactivated" }>()
    .orderBy("at")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
}
