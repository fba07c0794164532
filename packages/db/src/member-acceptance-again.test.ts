import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyDomain } from "./domain/verified-domain.ts";
import type { MemberRow } from "./member-row.ts";
import {
  accepted,
  accountIdOf,
  added,
  newTenant,
  openScimDatabase,
  person,
  rows,
  write,
  type ScimDatabase,
  type Tenant,
} from "./scim/testing/scim-database.ts";

let home: ScimDatabase;
let acme: Tenant;
let rival: Tenant;
beforeAll(async () => {
  home = await openScimDatabase();
  acme = await newTenant(home.database, "Acme");
  rival = await newTenant(home.database, "Rival");
});
afterAll(() => home.close());

let count = 0;
const fresh = (): { readonly email: string; readonly domain: string } => {
  const domain = `third${++count}.example`;
  return { email: `pat@${domain}`, domain };
};

async function memberOf(id: string): Promise<Record<string, unknown> | undefined> {
  const text = "select account_id as account, awaits_acceptance as awaits from member where id = $1";
  return (await rows(home.database, text, [id]))[0];
}
async function accountOf(id: string): Promise<Record<string, unknown> | undefined> {
  return (await rows(home.database, "select email, password_hash as password from account where id = $1", [id]))[0];
}

type Place = { readonly accountId: string; readonly elsewhere: MemberRow; readonly id: string };
type Way = (email: string, former: MemberRow) => Promise<string>;

/** How an organization that has not verified the domain gives the place of a person to another one. */
const ways: readonly (readonly [name: string, way: Way])[] = [
  [
    "a DELETE and a POST",
    async (email, former) => {
      await write(home.database, acme, former.id, "delete");
      return (await added(home.database, acme, person(email, { externalId: `next-${email}` }))).id;
    },
  ],
  [
    "a hand-over",
    async (email, former) => {
      await write(home.database, acme, former.id, () => ({ active: false }));
      await write(home.database, acme, former.id, () => ({ active: true, externalId: `next-${email}` }));
      return former.id;
    },
  ],
];

/** Pat, with a password, is a member of both organizations, and loses the place in the first to another person. */
async function place(email: string, way: Way): Promise<Place> {
  const elsewhere = await accepted(home.database, rival, person(email));
  const accountId = accountIdOf(elsewhere);
  await rows(home.database, "update account set password_hash = 'x' where id = $1", [accountId]);
  const former = await accepted(home.database, acme, person(email, { externalId: email }));
  return { accountId, elsewhere, id: await way(email, former) };
}

describe.each(ways)("rule 5a after %s for a domain that is not verified", (_, way) => {
  test("its verification gives the next person an account of their own, and the former account loses the address", async () => {
    const { email, domain } = fresh();
    const { accountId, elsewhere, id } = await place(email, way);
    expect(await memberOf(id)).toEqual({ account: null, awaits: true });
    await verifyDomain(home.database, acme.context, domain);
    const next = await memberOf(id);
    expect(next).toMatchObject({ awaits: false, account: expect.any(String) });
    expect(next?.["account"]).not.toBe(accountId);
    expect(await accountOf(String(next?.["account"]))).toEqual({ email, password: null });
    expect(await accountOf(accountId)).toEqual({ email: null, password: null });
    expect(await memberOf(elsewhere.id)).toMatchObject({ account: accountId });
  });
});
