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
import { sql } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";
import { findSsoConnection } from "../sso/sso-connection.ts";
import { readInvitation, readPerson, type PersonOfAddress } from "./person-facts.ts";
import { type PrefixRange, readRefusals } from "./person-refusals.ts";
import { readProvisioning } from "../provisioning/provisioning-row.ts";
import { verifiedAmong } from "../store/organization-lock.ts";

/**
 * Why a person is not a member, or that they are: by userName, address, local part or a similar spelling. Reads only
 * this organization's data and the accounts of its members.
 */
export async function explainAddress(database: Queryable, context: WriteContext, address: string): Promise<Absence> {
  const { organizationId } = context;
  const key = emailKey(address);
  const prefix = prefixOf(key);
  const person = await readPerson(database, organizationId, { userNameKey: key });
  const facts = await factsOf(database, context, address, person);
  if (person !== undefined && !person.isDeleted) return explainAbsence(facts);
  const [invitation, refusals, lookedFor, alike] = await Promise.all([
    readInvitation(database, organizationId, key, context.now),
    readRefusals(database, organizationId, key, prefix),
    readLookUp(database, organizationId, key),
    readAlike(database, organizationId, key, prefix),
  ]);
  const { exact, near } = refusals;
  return explainAbsence({ ...facts, invitation, refusals: exact, nearRefusals: near, lookedFor, alike });
}

/** The same for a member, deleted or not; undefined if the id is unknown. */
export async function explainMember(
  database: Queryable,
  context: WriteContext,
  memberId: string,
): Promise<Absence | undefined> {
  const person = await readPerson(database, context.organizationId, { memberId });
  return person && explainAbsence(await factsOf(database, context, person.userName, person));
}

async function factsOf(
  database: Queryable,
  { organizationId }: WriteContext,
  address: string,
  person: PersonOfAddress | undefined,
): Promise<AbsenceFacts> {
  const domain = domainOf(address);
  const [settings, sso, verified] = await Promise.all([
    readProvisioning(database, organizationId),
    findSsoConnection(database, organizationId),
    verifiedAmong(database, organizationId, [domain]),
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
    refusals: { change: null, request: null },
    nearRefusals: { change: null, request: null },
    lookedFor: null,
    alike: [],
  };
}

async function readLookUp({ db }: Queryable, organizationId: string, key: string) {
  const spellings = [...new Set([key, localPartOf(key)])]
    .filter((name) => name !== "")
    .flatMap((name) => {
      const encoded = encodeURIComponent(name).toLowerCase();
      return [encoded, encoded.replaceAll("%40", "@"), name];
    });
  const wanted = spellings.flatMap((text) => [`"${text}"`, `%22${text}%22`]);
  const requests = db.selectFrom("scim_request").where("organizationId", "=", organizationId);
  const latest = requests.select(["id", "at", "tokenId", sql<string>`lower(path)`.as("path")]);
  const found = await db
    .selectFrom(latest.orderBy("id", "desc").limit(requestsMax).as("q"))
    .leftJoin("scim_token as t", (on) => on.on("t.organizationId", "=", organizationId).onRef("t.id", "=", "q.tokenId"))
    .where("q.path", "like", "%/users%")
    .where(sql<boolean>`exists (select from unnest(${wanted}::text[]) as wanted where position(wanted in q.path) > 0)`)
    .select(["q.at", sql<string>`coalesce(t.name, '')`.as("tokenName")])
    .orderBy("q.id", "desc")
    .limit(1)
    .executeTakeFirst();
  return found ?? null;
}

/** The number of newest requests to search: a day's worth of a large directory. */
const requestsMax = 20_000;
/** The number of people with a similar userName to compare. */
const candidatesMax = 5000;

/** The range of texts that begin like `key`. */
function prefixOf(key: string): PrefixRange {
  const prefix = key.slice(0, nearPrefixLength);
  return [prefix, `${prefix}\u{10ffff}`];
}

/**
 * The member with an account of that address under another userName; then people with similar spellings, by userName.
 */
async function readAlike(
  { db }: Queryable,
  organizationId: string,
  key: string,
  [from, until]: PrefixRange,
): Promise<AbsenceFacts["alike"]> {
  const members = db.selectFrom("member as m").where("m.organizationId", "=", organizationId);
  const people = members.where("m.isDeleted", "=", false).select(["m.id", "m.name", "m.userName", "m.userNameKey"]);
  const begunAlike = people.where("m.userNameKey", ">=", from).where("m.userNameKey", "<", until);
  const near = begunAlike
    .orderBy("m.userNameKey")
    .limit(candidatesMax)
    .select(sql<boolean>`false`.as("isHolder"));
  const rows = await people
    .innerJoin("account as a", "a.id", "m.accountId")
    .where("a.emailKey", "=", key)
    .select(sql<boolean>`true`.as("isHolder"))
    .unionAll((eb) => eb.parens(near))
    .orderBy("isHolder", "desc")
    .orderBy("userNameKey")
    .execute();
  const rankOf = ({ isHolder, userName }: (typeof rows)[number]): number =>
    isHolder ? 0 : localPartOf(emailKey(userName)) === localPartOf(key) ? 1 : 2;
  return rows
    .filter(({ isHolder, userName }) => isHolder || isNearSpelling(key, userName))
    .toSorted((one, other) => rankOf(one) - rankOf(other))
    .map(({ id, name, userName }) => ({ id, name, userName }));
}
