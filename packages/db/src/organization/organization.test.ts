import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { listActivity } from "../change/activity.ts";
import { listMembers } from "../member/member-list.ts";
import { createOrganization, operatorContext } from "./organization.ts";
import { readProvisioningOverview } from "../provisioning/provisioning-read.ts";
import { listRoles } from "../role/role-list.ts";
import { signIn } from "../session/sign-in.ts";
import { newOrganization, now, openConsoleDatabase, operator } from "../testing/console-database.ts";
import { verifyDomain } from "../domain/verified-domain.ts";

const home = await openConsoleDatabase();

const browser = { userAgent: null, ip: null };
const readTotp = (): undefined => undefined;

describe("a new organization", () => {
  test("has three roles, provisioning turned off, one named owner and one log entry", async () => {
    const { database } = home;
    const { organizationId } = await newOrganization(database, "Whole");
    const tables = database.sql;
    expect(
      (await listRoles(tables, organizationId)).map(({ name, kind, isDefault }) => [name, kind, isDefault]),
    ).toEqual([
      ["Account Owners", "owner", false],
      ["Deploy Owners", "deploy_owner", false],
      ["Members", "custom", true],
    ]);
    expect(await readProvisioningOverview(tables, organizationId, now)).toMatchObject({
      isEnabled: false,
      isGuardOn: true,
    });
    const { total, members } = await listMembers(tables, organizationId, { page: 1, pageSize: 10 });
    expect(total).toBe(1);
    expect(members[0]).toMatchObject({
      name: "Owner Whole",
      userName: "owner@whole.example",
      status: "active",
      isManaged: false,
      roles: [{ name: "Account Owners", sources: ["manual"] }],
    });
    const { entries } = await listActivity(tables, organizationId, { limit: 10 });
    expect(entries).toMatchObject([
      { kind: "organization.created", actor: { kind: "operator" }, subject: { name: "Whole" } },
    ]);
  });

  test("lets its owner sign in only with the returned password", async () => {
    const { ownerEmail, ownerPassword } = await newOrganization(home.database, "Door");
    expect(ownerPassword).toHaveLength(20);
    const password = ownerPassword ?? "";
    const given = { email: ` ${ownerEmail}`.trim().toUpperCase(), password, readTotp };
    const cookie = /^[0-9a-f-]{36}\.[0-9a-f-]{36}\..{43}$/;
    expect(await signIn(home.database, given, browser, now)).toEqual({
      ok: true,
      value: expect.stringMatching(cookie),
    });
    expect(await signIn(home.database, { ...given, password: `${password}x` }, browser, now)).toEqual({
      ok: false,
      error: { kind: "signInWrong" },
    });
    const accounts = await sql`select string_agg(a::text, '') as all from account a`.execute(home.database.sql.db);
    expect(JSON.stringify(accounts.rows)).not.toContain(password);
  });

  // Creating an organization must not reveal or change the password of an existing account.
  test("leaves an owner's existing account unchanged", async () => {
    const first = await newOrganization(home.database, "First");
    const input = {
      name: "Second",
      ownerEmail: first.ownerEmail.toUpperCase(),
      ownerName: "Else Where",
      actor: operator,
      now,
    };
    const second = await createOrganization(home.database, input);
    expect(second).toMatchObject({ ownerEmail: first.ownerEmail, ownerPassword: null });
    const given = { email: first.ownerEmail, password: first.ownerPassword ?? "", readTotp };
    expect(await signIn(home.database, given, browser, now)).toMatchObject({ ok: true });
  });

  // An account without memberships may belong to a former holder of the address.
  test("creates a new account for an address whose account has no membership, without the old password", async () => {
    const first = await newOrganization(home.database, "Former");
    const members = home.database.sql.db.updateTable("member").where("organizationId", "=", first.organizationId);
    await members.set({ version: sql`version + 1`, active: false, deletedAt: sql`now()` }).execute();
    const input = { name: "Next", ownerEmail: first.ownerEmail, actor: operator, now };
    const next = await createOrganization(home.database, input);
    const given = (password: string | null) => ({ email: first.ownerEmail, password: password ?? "", readTotp });
    expect(await signIn(home.database, given(first.ownerPassword), browser, now)).toMatchObject({ ok: false });
    expect(await signIn(home.database, given(next.ownerPassword), browser, now)).toMatchObject({ ok: true });
  });

  test.each([
    ["", "owner@x.example"],
    ["  ", "owner@x.example"],
    ["Acme", "no address"],
    ["Acme", ""],
  ])("is refused for the name %j and the owner %j", async (name, ownerEmail) => {
    await expect(createOrganization(home.database, { name, ownerEmail, actor: operator, now })).rejects.toThrow(
      RangeError,
    );
  });

  test("is found by the operator, unlike other ids", async () => {
    const { organizationId, context } = await newOrganization(home.database, "Found");
    expect(context).toMatchObject({ organizationId, actor: operator, now, requestId: null });
    expect(context.defaultRoleId).not.toBeNull();
    for (const id of ["", "x", "0190f3a0-0000-7000-8000-000000000000", organizationId.toUpperCase() + "x"]) {
      expect(await operatorContext(home.database, id, now)).toBeUndefined();
    }
  });
});

describe("a domain", () => {
  // AR-47: only one organization can verify a domain.
  test("belongs to the first organization that verifies it, in any spelling", async () => {
    const [ours, theirs] = [
      await newOrganization(home.database, "Ours"),
      await newOrganization(home.database, "Rival"),
    ];
    const { database } = home;
    expect(await verifyDomain(database, ours.context, " DM.Example ")).toEqual({ ok: true, value: undefined });
    expect(await verifyDomain(database, ours.context, "dm.example")).toEqual({ ok: true, value: undefined });
    expect(await verifyDomain(database, theirs.context, "dm.EXAMPLE")).toEqual({
      ok: false,
      error: { kind: "domainTaken", domain: "dm.example" },
    });
    const overview = await readProvisioningOverview(database.sql, ours.organizationId, now);
    expect(overview.verifiedDomains).toEqual(["dm.example"]);
    const log = async (organizationId: string): Promise<unknown[]> =>
      (await listActivity(database.sql, organizationId, { limit: 10 })).entries
        .filter(({ kind }) => kind === "domain.verified")
        .map(({ refusal }) => refusal);
    expect(await log(ours.organizationId)).toEqual([null]);
    expect(await log(theirs.organizationId)).toEqual(["domainTaken"]);
  });

  test("verified concurrently belongs to one organization", async () => {
    const rivals = [await newOrganization(home.database, "Left"), await newOrganization(home.database, "Right")];
    const outcomes = await Promise.all(
      rivals.map(({ context }) => verifyDomain(home.database, context, "both.example")),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("is taken from a pasted address", async () => {
    const { context } = await newOrganization(home.database, "Pasted");
    for (const text of ["a@pasted.example", "https://pasted.example/scim"])
      expect(await verifyDomain(home.database, context, text)).toMatchObject({ ok: true });
  });

  test.each(["", "not a domain", "a@", "-x.example", "x..example"])("is not %j", async (text) => {
    const { context } = await newOrganization(home.database, "Malformed");
    expect(await verifyDomain(home.database, context, text)).toMatchObject({
      ok: false,
      error: { kind: "domainMalformed" },
    });
  });
});
