import { listUsers, loadCaller } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";
import { credentialIn } from "../testing/test-console.ts";

const home = await useTestConsole();

const byValue = (left: number, right: number): number => left - right;
const dayMs = 86_400_000;
const ruleKind = (kind: string): object =>
  expect.objectContaining({ data: expect.objectContaining({ rule: expect.objectContaining({ kind }) }) });

async function ownerOf(name: string) {
  const owner = await home.ownerOf(name);
  await owner.api.provisioning.enable.mutate({ acknowledgeNoSso: true });
  return owner;
}

/** The SCIM service's refusal of a token at `at`; undefined if it is valid. */
async function refusalOf(token: string, at: Date): Promise<string | undefined> {
  const credential = credentialIn(token);
  if (credential === undefined) return "malformed";
  const judged = await loadCaller(home.database.sql, credential, at);
  return judged.ok ? undefined : judged.error.kind;
}

describe("a new token", () => {
  // AR-11 to AR-13 and AR-15: shown once, stored as a hash, expires after a year.
  test("AR-11 AR-12 AR-13 AR-15 is shown once, works, expires after 365 days and is nowhere in the database or the log", async () => {
    const { api } = await ownerOf("Issue");
    const issued = await api.tokens.issue.mutate({ name: "Okta production" });
    expect(Date.parse(issued.expiresAt)).toBe(home.clock.now.getTime() + 365 * dayMs);
    expect(await refusalOf(issued.token, home.clock.now)).toBeUndefined();
    expect(await refusalOf(issued.token, new Date(issued.expiresAt))).toBe("tokenExpired");
    const listed = await api.tokens.list.query();
    expect(listed).toEqual([
      expect.objectContaining({
        id: issued.id,
        name: "Okta production",
        status: "ACTIVE",
        createdBy: "Owner Issue",
        prefix: issued.token.slice(0, 16),
        endsAt: null,
        lastUsedAt: null,
      }),
    ]);
    expect(JSON.stringify(listed)).not.toContain(issued.token);
    const secret = issued.token.slice(16);
    const text = `select t::text as row, encode(t.secret_hash, 'escape') as hash from scim_token t
      union all select c::text, '' from change c union all select q::text, '' from scim_request q`;
    expect(JSON.stringify(await home.rows(text))).not.toContain(secret);
    expect(home.logLines.join("")).not.toContain(secret);
    expect(home.logLines.length).toBeGreaterThan(0);
  });

  test("needs a name", async () => {
    const { api } = await ownerOf("Unnamed");
    await expect(api.tokens.issue.mutate({ name: "  " })).rejects.toMatchObject({
      data: { code: "BAD_REQUEST", fieldErrors: { name: "Give the token a name." } },
    });
  });

  // Rule 10: at most five are active, however many owners issue at once.
  test("is refused when five are active, also for eight concurrent requests", async () => {
    const { organization, api } = await ownerOf("Limit");
    const browser = await openBrowser(home.url).signIn(organization);
    await openConnections();
    const responses = await Promise.all(
      Array.from({ length: 8 }, (_, index) => browser.call("mutation", "tokens.issue", { name: `t${index}` })),
    );
    expect(responses.map(({ status }) => status).sort(byValue)).toEqual([200, 200, 200, 200, 200, 412, 412, 412]);
    await expect(api.tokens.issue.mutate({ name: "sixth" })).rejects.toMatchObject(ruleKind("tokenLimitReached"));
    const [first] = await api.tokens.list.query();
    await api.tokens.revoke.mutate({ id: first?.id ?? "" });
    await api.tokens.issue.mutate({ name: "in its place" });
  });
});

/** Makes the pool open its connections, so that concurrent requests do not queue for the first one. */
async function openConnections(): Promise<void> {
  const pause = { name: "", text: "select pg_sleep(0.05)" };
  await Promise.all(Array.from({ length: 10 }, () => home.database.sql.query(pause, [])));
}

// AR-16: immediately and permanently.
test("revoking ends a token at once; again changes nothing", async () => {
  const { api } = await ownerOf("Revoke");
  const { id, token } = await api.tokens.issue.mutate({ name: "short-lived" });
  await expect(api.tokens.revoke.mutate({ id })).rejects.toMatchObject(ruleKind("lastTokenUnconfirmed"));
  expect(await refusalOf(token, home.clock.now)).toBeUndefined();
  await api.tokens.revoke.mutate({ id, confirmLast: true });
  await api.tokens.revoke.mutate({ id });
  expect(await refusalOf(token, home.clock.now)).toBe("tokenRevoked");
  expect(await api.tokens.list.query()).toMatchObject([{ status: "REVOKED", revokedAt: home.clock.now.toISOString() }]);
  const { entries } = await api.activity.list.query({ limit: 100 });
  expect(entries.filter(({ kind, refusal }) => kind === "token.revoked" && refusal === null)).toHaveLength(1);
});

describe("rotating", () => {
  // AR-17: the owner chooses how long the old token keeps working.
  test("lets both work until the overlap ends, and then only the new one", async () => {
    const { api } = await ownerOf("Overlap");
    const old = await api.tokens.issue.mutate({ name: "Okta" });
    const next = await api.tokens.rotate.mutate({ id: old.id, overlapDays: 7 });
    const endsAt = new Date(home.clock.now.getTime() + 7 * dayMs);
    expect(next.oldEndsAt).toBe(endsAt.toISOString());
    expect(await api.tokens.list.query()).toMatchObject([
      { id: next.id, name: "Okta", status: "ACTIVE", endsAt: null },
      { id: old.id, name: "Okta", status: "ACTIVE", endsAt: endsAt.toISOString() },
    ]);
    expect(await refusalOf(old.token, new Date(endsAt.getTime() - 1))).toBeUndefined();
    expect(await refusalOf(old.token, endsAt)).toBe("tokenRevoked");
    expect(await refusalOf(next.token, endsAt)).toBeUndefined();
  });

  test("at once ends the old token now, and works with five active ones", async () => {
    const { api } = await ownerOf("AtOnce");
    const issued = [];
    for (let index = 0; index < 5; index++) issued.push(await api.tokens.issue.mutate({ name: `t${index}` }));
    const [old] = issued;
    if (old === undefined) throw new Error("No token was issued.");
    await expect(api.tokens.rotate.mutate({ id: old.id, overlapDays: 1 })).rejects.toMatchObject(
      ruleKind("tokenLimitReached"),
    );
    expect(await refusalOf(old.token, home.clock.now)).toBeUndefined();
    const next = await api.tokens.rotate.mutate({ id: old.id, overlapDays: 0 });
    expect(await refusalOf(old.token, home.clock.now)).toBe("tokenRevoked");
    expect(await refusalOf(next.token, home.clock.now)).toBeUndefined();
    await expect(api.tokens.rotate.mutate({ id: old.id, overlapDays: 0 })).rejects.toMatchObject(
      ruleKind("tokenNotActive"),
    );
  });
});

// AR-19: a token is valid for its own organization only.
test("a token shows only its own organization", async () => {
  const [one, other] = [await ownerOf("One"), await ownerOf("Other")];
  const { token } = await one.api.tokens.issue.mutate({ name: "one" });
  await home.provision(other.organization, "pam@other.example");
  const credential = credentialIn(token);
  const query = {
    filter: undefined,
    order: undefined,
    window: { offset: 0, limit: 100 },
    baseUrl: "https://scim.example",
  };
  const { found } = await listUsers(home.database.sql, credential, query, home.clock.now);
  expect(found.rows.map(({ userName }) => userName)).toEqual([one.organization.ownerEmail]);
});
