import { z } from "zod";
import { firstIdAt } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { readActiveTokens } from "../scim-token/scim-token-store.ts";

const callRow = z.object({
  at: z.date(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  detail: z.string().nullable(),
  client: z.string().nullable(),
  ip: z.string().nullable(),
  tokenName: z.string(),
  tokenPrefix: z.string(),
});
/** One call of the provider. `tokenPrefix` is the public start of its token. */
type SetupCall = z.infer<typeof callRow>;

const eventRow = z.object({
  at: z.date(),
  kind: z.enum(["member.created", "member.linked", "member.revived", "member.deactivated"]),
  memberId: z.string(),
  name: z.string(),
  tokenName: z.string(),
});
/** Something that the provider did to somebody, from the change log. */
type SetupEvent = z.infer<typeof eventRow>;

/** What has been seen since a moment; null and empty where it has not. */
export type SetupEvidence = {
  /** The newest token that was issued since and still works. */
  readonly token: {
    readonly id: string;
    readonly name: string;
    readonly prefix: string;
    readonly createdAt: Date;
    readonly createdBy: string;
  } | null;
  readonly firstCall: SetupCall | null;
  readonly firstUser: SetupEvent | null;
  readonly firstDeactivation: SetupEvent | null;
  /** The newest calls that were refused, newest first; at most three. */
  readonly refused: readonly SetupCall[];
};

export const noEvidence: SetupEvidence = {
  token: null,
  firstCall: null,
  firstUser: null,
  firstDeactivation: null,
  refused: [],
};

/** Ids are made by several processes, whose clocks may differ by so much; `at` then decides. */
const clockSkewMs = 60_000;

/** What the organization's provider has done from `since` on; nothing of what was before, and nobody else's. */
export async function readSetupEvidence(
  sql: Queryable,
  organizationId: string,
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<SetupEvidence> {
  const values = [organizationId, firstIdAt(new Date(since.getTime() - clockSkewMs)), since];
  const tokens = await readActiveTokens(sql, organizationId, now);
  const token = tokens.findLast(({ createdAt }) => createdAt >= since);
  const [call] = await sql.query(firstCall, values);
  const [user] = await sql.query(firstUser, values);
  const [deactivation] = await sql.query(firstDeactivation, [organizationId, since]);
  const refused = await sql.query(lastRefused, values);
  return {
    token: token === undefined ? null : shownToken(token),
    firstCall: call === undefined ? null : callRow.parse(call),
    firstUser: user === undefined ? null : eventRow.parse(user),
    firstDeactivation: deactivation === undefined ? null : eventRow.parse(deactivation),
    refused: refused.map((row) => callRow.parse(row)),
  };
}

function shownToken(token: Awaited<ReturnType<typeof readActiveTokens>>[number]): NonNullable<SetupEvidence["token"]> {
  const { id, name, keyId, createdAt, createdBy } = token;
  return { id, name, prefix: `rcl_${keyId}`, createdAt, createdBy };
}

const call = `select q.at, q.method, q.path, q.status, q.detail, q.client, q.ip, coalesce(t.name, '') as "tokenName",
    'rcl_' || coalesce(t.key_id, '') as "tokenPrefix"
  from scim_request q left join scim_token t on t.organization_id = q.organization_id and t.id = q.token_id
  where q.organization_id = $1 and q.id >= $2 and q.at >= $3`;
const event = `select at, kind, subject_id as "memberId", subject_name as name, actor_name as "tokenName"`;

const firstCall = { name: "setup_first_call", text: `${call} and q.status < 400 order by q.id limit 1` };
const lastRefused = { name: "setup_refused", text: `${call} and q.status >= 400 order by q.id desc limit 3` };
/** A provider begins with people, so that the first one is among the first 10,000 entries, and no more are read. */
const firstUser = {
  name: "setup_first_user",
  text: `${event} from (select * from change where organization_id = $1 and id >= $2 and at >= $3 order by id limit 10000) c
    where actor_kind = 'token' and refusal is null and subject_id is not null
      and kind in ('member.created', 'member.linked', 'member.revived') order by id limit 1`,
};
/** Worded as the index of losses is (`change_loss`), which finds it among any number of entries. */
const firstDeactivation = {
  name: "setup_first_deactivation",
  text: `${event} from change where organization_id = $1 and at >= $2 and kind = 'member.deactivated'
    and actor_kind = 'token' and refusal is null and subject_id is not null order by at, id limit 1`,
};
