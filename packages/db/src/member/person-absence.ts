import {
  domainOf,
  emailKey,
  explainAbsence,
  isNearSpelling,
  localPartOf,
  nearPrefixLength,
  type Absence,
  type AbsenceFacts,
} from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";
import { findSsoConnection } from "../sso/sso-connection.ts";
import { readInvitation, readPerson, type PersonOfAddress } from "./person-facts.ts";
import { type PrefixRange, readRefusals } from "./person-refusals.ts";
import { readProvisioning } from "../provisioning/provisioning-row.ts";
import { verifiedAmong } from "../store/organization-lock.ts";

/**
 * Why somebody is not here, or that they are: by userName, address, local part or a near spelling. It asks what this
 * organization has, and of accounts those of its own members alone.
 */
export async function explainAddress(sql: Queryable, context: WriteContext, address: string): Promise<Absence> {
  const { organizationId } = context;
  const key = emailKey(address);
  const prefix = prefixOf(key);
  const person = await readPerson(sql, organizationId, { userNameKey: key });
  const facts = await factsOf(sql, context, address, person);
  if (person !== undefined && !person.isDeleted) return explainAbsence(facts);
  const [invitation, refusals, lookedFor, alike] = await Promise.all([
    readInvitation(sql, organizationId, key, context.now),
    readRefusals(sql, organizationId, key, prefix),
    readLookUp(sql, organizationId, key),
    readAlike(sql, organizationId, key, prefix),
  ]);
  const { exact, near } = refusals;
  return explainAbsence({ ...facts, invitation, refusals: exact, nearRefusals: near, lookedFor, alike });
}

/** The same for a member whose page is open, gone or not; undefined where there never was such a one. */
export async function explainMember(
  sql: Queryable,
  context: WriteContext,
  memberId: string,
): Promise<Absence | undefined> {
  const person = await readPerson(sql, context.organizationId, { memberId });
  return person && explainAbsence(await factsOf(sql, context, person.userName, person));
}

async function factsOf(
  sql: Queryable,
  { organizationId }: WriteContext,
  address: string,
  person: PersonOfAddress | undefined,
): Promise<AbsenceFacts> {
  const domain = domainOf(address);
  const [settings, sso, verified] = await Promise.all([
    readProvisioning(sql, organizationId),
    findSsoConnection(sql, organizationId),
    verifiedAmong(sql, organizationId, [domain]),
  ]);
  return {
    address,
    domain: domain === "" ? null : domain,
    isDomainVerified: verified.has(domain),
    isProvisioningOn: settings.isEnabled,
    keepsLocks: settings.keepsLocks,
    isSsoRequired: sso?.isRequired ?? false,
    present: person === undefined || person.isDeleted ? null : person,
    former: person?.isDeleted === true ? person : null,
    invitation: null,
    refusals: { change: null, call: null },
    nearRefusals: { change: null, call: null },
    lookedFor: null,
    alike: [],
  };
}

async function readLookUp(sql: Queryable, organizationId: string, key: string): Promise<AbsenceFacts["lookedFor"]> {
  const spellings = [...new Set([key, localPartOf(key)])]
    .filter((name) => name !== "")
    .flatMap((name) => {
      const encoded = encodeURIComponent(name).toLowerCase();
      return [encoded, encoded.replaceAll("%40", "@"), name];
    });
  const wanted = spellings.flatMap((text) => [`"${text}"`, `%22${text}%22`]);
  const [row] = await sql.query(lookUp, [organizationId, callsMax, wanted]);
  return row === undefined ? null : z.object({ at: z.date(), tokenName: z.string() }).parse(row);
}

/** How many of the newest calls are searched: a day's worth of a large directory. */
const callsMax = 20_000;
/** How many people are compared whose userNames begin alike. */
const candidatesMax = 5000;

/** Every text that begins as `key` does; of a short one, that begins with it. */
function prefixOf(key: string): PrefixRange {
  const prefix = key.slice(0, nearPrefixLength);
  return [prefix, `${prefix}\u{10ffff}`];
}

const alikeRow = z.object({ id: z.string(), name: z.string(), userName: z.string(), isHolder: z.boolean() });

/** Who has an account of that address under another userName; then people of near spellings, by userName. */
async function readAlike(
  sql: Queryable,
  organizationId: string,
  key: string,
  prefix: PrefixRange,
): Promise<AbsenceFacts["alike"]> {
  const rows = (await sql.query(alike, [organizationId, key, ...prefix, candidatesMax])).map((row) =>
    alikeRow.parse(row),
  );
  const rankOf = ({ isHolder, userName }: z.infer<typeof alikeRow>): number =>
    isHolder ? 0 : localPartOf(emailKey(userName)) === localPartOf(key) ? 1 : 2;
  return rows
    .filter(({ isHolder, userName }) => isHolder || isNearSpelling(key, userName))
    .toSorted((one, other) => rankOf(one) - rankOf(other))
    .map(({ id, name, userName }) => ({ id, name, userName }));
}

const lookUp = {
  name: "absence_look_up",
  text: `select q.at, coalesce(t.name, '') as "tokenName"
    from (select id, at, token_id, lower(path) as path from scim_request where organization_id = $1
      order by id desc limit $2) q
    left join scim_token t on t.organization_id = $1 and t.id = q.token_id
    where q.path like '%/users%' and exists (select 1 from unnest($3::text[]) as wanted where position(wanted in q.path) > 0)
    order by q.id desc limit 1`,
};
const alike = {
  name: "absence_alike",
  text: `select id, name, user_name as "userName", "isHolder" from (
      select m.id, m.name, m.user_name, m.user_name_key, true as "isHolder" from account a
        join member m on m.organization_id = $1 and m.account_id = a.id and not m.is_deleted where a.email_key = $2
      union all (select id, name, user_name, user_name_key, false from member where organization_id = $1
        and not is_deleted and user_name_key >= $3 and user_name_key < $4 order by user_name_key limit $5)) near
    order by "isHolder" desc, user_name_key`,
};
