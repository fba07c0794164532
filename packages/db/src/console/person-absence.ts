import { domainOf, emailKey, explainAbsence, localPartOf, type Absence, type AbsenceFacts } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../statement.ts";
import type { WriteContext } from "../write-context.ts";
import { findSsoConnection } from "../sso/sso-connection.ts";
import { readInvitation, readPerson, readRefusal, type PersonOfAddress } from "./person-facts.ts";
import { readProvisioning } from "./provisioning-row.ts";
import { verifiedAmong } from "../organization-lock.ts";

/** Why the address is not here, or that it is. It asks this organization's tables alone: no account is looked up. */
export async function explainAddress(sql: Queryable, context: WriteContext, address: string): Promise<Absence> {
  const { organizationId } = context;
  const key = emailKey(address);
  const person = await readPerson(sql, organizationId, { userNameKey: key });
  const facts = await factsOf(sql, context, address, person);
  if (person !== undefined && !person.isDeleted) return explainAbsence(facts);
  const [invitation, refusal, lookedFor, alike] = await Promise.all([
    readInvitation(sql, organizationId, key, context.now),
    readRefusal(sql, organizationId, address),
    readLookUp(sql, organizationId, key),
    readAlike(sql, organizationId, key),
  ]);
  return explainAbsence({ ...facts, invitation, refusal, lookedFor, alike });
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
    refusal: null,
    lookedFor: null,
    alike: [],
  };
}

async function readLookUp(sql: Queryable, organizationId: string, key: string): Promise<AbsenceFacts["lookedFor"]> {
  const encoded = encodeURIComponent(key).toLowerCase();
  const spellings = [encoded, encoded.replaceAll("%40", "@"), key];
  const wanted = spellings.flatMap((text) => [`"${text}"`, `%22${text}%22`]);
  const [row] = await sql.query(lookUp, [organizationId, callsMax, wanted]);
  return row === undefined ? null : z.object({ at: z.date(), tokenName: z.string() }).parse(row);
}

/** How many of the newest calls are searched: a day's worth of a large directory. */
const callsMax = 20_000;
const alikeMax = 5;

/** People of the same local part elsewhere, or of the same address without a tag or dots. */
async function readAlike(sql: Queryable, organizationId: string, key: string): Promise<AbsenceFacts["alike"]> {
  const [local, domain] = [localPartOf(key), domainOf(key)];
  const plain = local.replace(/\+.*$/, "");
  const spellings = [plain, local.replaceAll(".", ""), plain.replaceAll(".", "")].map((part) => `${part}@${domain}`);
  const prefix = `${plain.replace(/[\\%_]/g, String.raw`\$&`)}@%`;
  const rows = await sql.query(alike, [organizationId, spellings, prefix, alikeMax]);
  return rows.map((row) => z.object({ id: z.string(), name: z.string(), userName: z.string() }).parse(row));
}

const lookUp = {
  name: "absence_look_up",
  text: `select q.at, coalesce(t.name, '') as "tokenName"
    from (select id, at, token_id, lower(path) as path from scim_request where organization_id = $1
      order by id desc limit $2) q
    left join scim_token t on t.organization_id = $1 and t.id = q.token_id
    where exists (select 1 from unnest($3::text[]) as wanted where position(wanted in q.path) > 0)
    order by q.id desc limit 1`,
};
const alike = {
  name: "absence_alike",
  text: `select id, name, user_name as "userName" from member where organization_id = $1 and not is_deleted
      and user_name_key = any($2::text[])
    union select id, name, user_name from (select id, name, user_name from member where organization_id = $1
      and not is_deleted and user_name_key like $3 order by user_name_key limit $4) named
    order by 3 limit $4`,
};
