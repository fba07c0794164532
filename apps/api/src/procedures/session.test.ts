import { credentialOf, enableProvisioning, issueToken, verifyDomain, writeMember } from "@rollcall/db";
import { once } from "node:events";
import { request } from "node:http";
import { TRPCClientError } from "@trpc/client";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Outcome } from "../security/backoff.ts";
import { createSignInLimit } from "../security/sign-in-limit.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole({ trustProxy: 1 });

const refused = (code: string): object => expect.objectContaining({ data: expect.objectContaining({ code }) });

describe("signing in", () => {
  // The cookie must be out of reach of scripts and other sites.
  test("the owner gets in, with a cookie that only this site's server reads", async () => {
    const { organization: acme, browser } = await home.ownerOf("SignIn");
    expect(browser.cookie()).toMatch(
      /^__Host-rollcall_session=[^;]+; Path=\/; Max-Age=1209600; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(await browser.api.session.current.query()).toMatchObject({
      account: { email: acme.ownerEmail, name: "Owner SignIn" },
      organization: { id: acme.id, name: "SignIn" },
      isOwner: true,
      roles: ["Account Owners"],
      organizations: [{ id: acme.id, name: "SignIn" }],
      awaiting: [],
    });
  });

  // The response must not reveal whether an account exists.
  test("a wrong email, a wrong password and a person without access get the same response", async () => {
    const acme = await home.organization("Neutral");
    const provisioned = "nopassword@neutral.example";
    await home.provision(acme, provisioned);
    const browser = openBrowser(home.url);
    const responses = await Promise.all(
      [
        { email: acme.ownerEmail, password: "wrong" },
        { email: "nobody@neutral.example", password: acme.ownerPassword },
        { email: provisioned, password: "wrong" },
      ].map(async (given) => browser.call("mutation", "session.signIn", given)),
    );
    for (const { status, body } of responses) {
      expect(status).toBe(401);
      expect(body).toMatchObject({
        error: { message: "Email or password is wrong.", data: { code: "UNAUTHORIZED" } },
      });
    }
    expect(browser.cookie()).toBeUndefined();
  });

  // A reader of the table must not be able to sign in with it.
  test("the database holds only a hash of the cookie's secret", async () => {
    const { organization: acme, browser } = await home.ownerOf("Hashed");
    const secret = browser.cookie()?.split(";")[0]?.split(".")[2] ?? "";
    expect(secret).toHaveLength(43);
    const rows = await home.rows(
      "select encode(secret_hash, 'escape') || session::text as held from session where organization_id = $1",
      [acme.id],
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret, "base64url").toString("hex"));
  });
});

describe("a session ends", () => {
  test("when the person signs out, and the old cookie is worth nothing", async () => {
    const { browser } = await home.ownerOf("SignOut");
    const old = browser.cookie();
    await browser.api.session.signOut.mutate();
    expect(browser.cookie()).toBeUndefined();
    expect(await openBrowser(home.url, old).api.session.current.query()).toBeNull();
  });

  test("also for a request whose body was still on its way", async () => {
    const browser = await openBrowser(home.url).signIn(await home.organization("Slowly"));
    const cookie = browser.cookie()?.split(";")[0] ?? "";
    const headers = { cookie, "x-rollcall-client": "test", "content-type": "application/json", expect: "100-continue" };
    const slow = request(`${home.url}/trpc/tokens.issue`, { method: "POST", headers });
    slow.flushHeaders();
    await once(slow, "continue");
    slow.write('{"name":');
    // A session that were read with the headers would be read before this one.
    await browser.api.session.current.query();
    await browser.api.session.signOut.mutate();
    slow.end('"Late"}');
    expect(await once(slow, "response")).toMatchObject([{ statusCode: 401 }]);
  });

  test("after 14 days, however much it is used or switched", async () => {
    const { organization: acme, browser } = await home.ownerOf("Expiry");
    const signedInAt = home.clock.now;
    try {
      for (let hours = 11; hours < 14 * 24; hours += 11) {
        home.clock.now = new Date(signedInAt.getTime() + hours * 3_600_000);
        await browser.api.session.switchTo.mutate({ organizationId: acme.id });
      }
      home.clock.now = new Date(signedInAt.getTime() + 14 * 86_400_000 - 1000);
      expect(await browser.api.session.current.query()).not.toBeNull();
      home.clock.now = new Date(signedInAt.getTime() + 14 * 86_400_000);
      expect(await browser.api.session.current.query()).toBeNull();
    } finally {
      home.clock.now = signedInAt;
    }
  });

  // Automatic requests of an idle page must not keep the session alive.
  test("12 hours after its last use", async () => {
    const { browser } = await home.ownerOf("Idle");
    const cookie = browser.cookie()?.split(";")[0] ?? "";
    const askedByPage = async (): Promise<unknown> => {
      const headers = { cookie, "x-rollcall-away": "1" };
      const response = await fetch(`${home.url}/trpc/session.current`, { headers });
      return z.object({ result: z.object({ data: z.unknown() }) }).parse(await response.json()).result.data;
    };
    const signedInAt = home.clock.now;
    try {
      home.clock.now = new Date(signedInAt.getTime() + 12 * 3_600_000 - 1);
      expect(await askedByPage()).not.toBeNull();
      home.clock.now = new Date(signedInAt.getTime() + 12 * 3_600_000);
      expect(await askedByPage()).toBeNull();
      expect(await browser.api.session.current.query()).toBeNull();
    } finally {
      home.clock.now = signedInAt;
    }
  });

  test("where a single character of the cookie is another one", async () => {
    const { browser } = await home.ownerOf("Tampered");
    const [pair = ""] = (browser.cookie() ?? "").split(";");
    const other = pair.at(-20) === "A" ? "B" : "A";
    const [text, tampered] = [pair, `${pair.slice(0, -20)}${other}${pair.slice(-19)}`];
    expect(tampered).not.toBe(text);
    expect(await openBrowser(home.url, tampered).api.session.current.query()).toBeNull();
    for (const nonsense of ["", "a.b.c", `${text}.x`, "..", "%00"]) {
      expect(await openBrowser(home.url, `__Host-rollcall_session=${nonsense}`).api.session.current.query()).toBeNull();
    }
  });

  // Rule 7: a deactivation takes effect on the next request, on any node.
  test("on the next request after the provider has deactivated the person", async () => {
    const { acme, browser, memberId } = await provisionedPerson("Left");
    expect(await browser.api.session.current.query()).toMatchObject({ organization: { id: acme.id }, isOwner: false });
    await deactivate(acme.id, memberId);
    expect(await browser.api.session.current.query()).toBeNull();
    await expect(browser.api.session.signOut.mutate()).rejects.toMatchObject(refused("UNAUTHORIZED"));
  });

  // The membership decides, even if a session was left open by mistake.
  test.each(["active = false", "deleted_at = now()", "awaits_acceptance = true, account_id = null"])(
    "or gives nothing on the next request once the member is %s",
    async (state) => {
      const { organization: acme, browser } = await home.ownerOf(`State${state.length}`);
      expect((await browser.api.session.current.query())?.isOwner).toBe(true);
      await home.rows(`update member set ${state} where organization_id = $1`, [acme.id]);
      expect((await browser.api.session.current.query())?.isOwner ?? false).toBe(false);
      await expect(browser.api.members.list.query({ page: 1, pageSize: 10 })).rejects.toBeInstanceOf(TRPCClientError);
    },
  );

  // A removed role takes effect at once: the session never caches ownership.
  test("to be an owner's on the next request after the role was taken", async () => {
    const { organization: acme, browser } = await home.ownerOf("Demoted");
    await home.rows("delete from role_grant where organization_id = $1", [acme.id]);
    expect(await browser.api.session.current.query()).toMatchObject({ isOwner: false, roles: [] });
    await expect(browser.api.tokens.list.query()).rejects.toMatchObject(refused("FORBIDDEN"));
  });
});

describe("several organizations", () => {
  // Rule 5: a SCIM-created membership of an existing account gives no access before the person accepts.
  test("a membership that awaits acceptance begins with accept, and the change log records it", async () => {
    const [here, there] = [await home.organization("Here"), await home.organization("There")];
    await home.provision(there, here.ownerEmail);
    const browser = await openBrowser(home.url).signIn(here);
    expect(await browser.api.session.current.query()).toMatchObject({
      organizations: [{ id: here.id }],
      awaiting: [{ id: there.id, name: "There" }],
    });
    await expect(browser.api.session.switchTo.mutate({ organizationId: there.id })).rejects.toMatchObject(
      refused("NOT_FOUND"),
    );
    await browser.api.session.accept.mutate({ organizationId: there.id });
    await expect(browser.api.session.accept.mutate({ organizationId: there.id })).rejects.toBeInstanceOf(
      TRPCClientError,
    );
    await browser.api.session.switchTo.mutate({ organizationId: there.id });
    expect(await browser.api.session.current.query()).toMatchObject({
      organization: { id: there.id },
      isOwner: false,
      roles: ["Members"],
      awaiting: [],
    });
    await expect(browser.api.provisioning.get.query()).rejects.toMatchObject(refused("FORBIDDEN"));
    const owner = await openBrowser(home.url).signIn(there);
    const { entries } = await owner.api.activity.list.query({ limit: 10 });
    expect(entries.map((entry) => entry.kind)).toContain("member.accepted");
  });

  // A person whose only membership awaits acceptance must still be able to sign in.
  test("a person whose only membership awaits acceptance can sign in and accept it", async () => {
    const [former, next] = [await home.organization("Former"), await home.organization("Next")];
    await home.provision(next, former.ownerEmail);
    await home.rows("update member set deleted_at = now(), active = false where organization_id = $1", [former.id]);
    const browser = await openBrowser(home.url).signIn(former);
    expect(await browser.api.session.current.query()).toMatchObject({
      organization: null,
      memberId: null,
      isOwner: false,
      roles: [],
      organizations: [],
      awaiting: [{ id: next.id }],
    });
    await browser.api.session.accept.mutate({ organizationId: next.id });
    expect(await browser.api.session.current.query()).toMatchObject({ organization: { id: next.id }, awaiting: [] });
  });

  test("switching ends the session that was left", async () => {
    const { acme, browser, password } = await provisionedPerson("Switch");
    const before = browser.cookie();
    const elsewhere = (await browser.api.session.current.query())?.organizations.find(({ id }) => id !== acme.id);
    await browser.api.session.switchTo.mutate({ organizationId: elsewhere?.id ?? "" });
    expect(browser.cookie()).not.toBe(before);
    expect(await openBrowser(home.url, before).api.session.current.query()).toBeNull();
    expect(password).not.toBe("");
  });
});

describe("failed sign-in attempts", () => {
  test("stops after ten failures for an account, the right password included, and says for how long", async () => {
    const acme = await home.organization("Guessed");
    const browser = openBrowser(home.url);
    const wrong = { email: acme.ownerEmail.toUpperCase(), password: "wrong" };
    const tried = async (): Promise<number> => (await browser.call("mutation", "session.signIn", wrong)).status;
    const statuses = await Promise.all(Array.from({ length: 14 }, tried));
    // Of concurrent attempts some may be refused too early, and none slips through.
    for (let status = 401; status === 401; statuses.push(status)) status = await tried();
    const judged = statuses.filter((status) => status === 401).length;
    expect([judged > 0, judged <= 10]).toEqual([true, true]);
    expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
    const right = await browser.call("mutation", "session.signIn", {
      email: acme.ownerEmail,
      password: acme.ownerPassword,
    });
    expect(right).toMatchObject({
      status: 429,
      body: {
        error: { message: expect.stringMatching(/Try again in \d+ seconds/), data: { code: "TOO_MANY_REQUESTS" } },
      },
    });
  });

  // Anybody who knows an address could otherwise lock its owner out permanently.
  test("by an attacker delays the attacker, not the owner, with a known browser or a new one", async () => {
    const acme = await home.organization("Besieged");
    const known = await openBrowser(home.url, undefined, { "x-forwarded-for": "203.0.113.1" }).signIn(acme);
    await known.api.session.signOut.mutate();
    const attacker = openBrowser(home.url, undefined, { "x-forwarded-for": "203.0.113.66" });
    const wrong = { email: acme.ownerEmail, password: "wrong" };
    for (let tries = 0; tries < 10; tries++) {
      expect((await attacker.call("mutation", "session.signIn", wrong)).status).toBe(401);
    }
    expect(await attacker.call("mutation", "session.signIn", wrong)).toMatchObject({
      status: 429,
      body: { error: { message: "Too many failed sign-ins. Try again in 60 seconds." } },
    });
    await openBrowser(home.url, undefined, { "x-forwarded-for": "203.0.113.2" }).signIn(acme);
    // Even from the attacker's address, by the cookie of the browser.
    await openBrowser(home.url, known.cookie("rollcall_browser"), { "x-forwarded-for": "203.0.113.66" }).signIn(acme);
  });

  test("by an attacker with hundreds of attempts at once delays no other client", async () => {
    const acme = await home.organization("Flooded");
    const limit = createSignInLimit(home.database);
    const from = (ip: string) => limit.attempt({ email: acme.ownerEmail, ip, browserId: undefined });
    const floods = Array.from({ length: 300 }, () => from("203.0.113.77"));
    const others = Array.from({ length: 50 }, (_, last) => from(`198.51.100.${last}`));
    const admitted = (outcomes: readonly Outcome[]) => outcomes.filter((outcome) => "attempt" in outcome).length;
    expect(admitted(await Promise.all(others))).toBe(50);
    expect(admitted(await Promise.all(floods))).toBeLessThanOrEqual(10);
  });

  test("by ten clients delays browsers that are new to the account, but no known one", async () => {
    const { organization: acme, browser: known } = await home.ownerOf("Surrounded");
    const from = (last: number) => openBrowser(home.url, undefined, { "x-forwarded-for": `198.51.100.${last}` });
    const wrong = { email: acme.ownerEmail, password: "wrong" };
    for (let client = 1; client <= 10; client++) {
      for (let tries = 0; tries < 10; tries++) await from(client).call("mutation", "session.signIn", wrong);
    }
    await expect(from(11).signIn(acme)).rejects.toEqual(refused("TOO_MANY_REQUESTS"));
    await known.signIn(acme);
  });

  test("waits twice as long after each further failure, and a known browser has a limit of its own", async () => {
    const { organization: acme, browser } = await home.ownerOf("Patient");
    const wrong = { email: acme.ownerEmail, password: "wrong" };
    const statuses: number[] = [];
    for (let tries = 0; tries < 11; tries++) {
      statuses.push((await browser.call("mutation", "session.signIn", wrong)).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    const pass = { name: "", text: "update sign_in_attempt set expire = 1 where key like 'gate:%'" };
    for (const wait of ["120 seconds", "4 minutes", "8 minutes"]) {
      await home.database.sql.query(pass, []);
      expect((await browser.call("mutation", "session.signIn", wrong)).status).toBe(401);
      const { body } = await browser.call("mutation", "session.signIn", wrong);
      expect(body).toMatchObject({ error: { message: expect.stringContaining(`Try again in ${wait}`) } });
    }
    await home.database.sql.query(pass, []);
    await browser.signIn(acme);
    expect((await browser.call("mutation", "session.signIn", wrong)).status).toBe(401);
  });

  test("is forgotten by the right password", async () => {
    const acme = await home.organization("Forgiven");
    const browser = openBrowser(home.url);
    for (let round = 0; round < 2; round++) {
      for (let failure = 0; failure < 7; failure++) {
        const { status } = await browser.call("mutation", "session.signIn", {
          email: acme.ownerEmail,
          password: "wrong",
        });
        expect(status).toBe(401);
      }
      await browser.signIn(acme);
    }
  });
});

/** A person with a password and an organization of their own, added to `name` by its provider, with `name` selected. */
async function provisionedPerson(name: string) {
  const [acme, own] = [await home.organization(name), await home.organization(`${name}Own`)];
  await verifyDomain(home.database, await home.operatorOf(acme.id), `${name}own.example`);
  const memberId = await home.provision(acme, own.ownerEmail);
  const browser = await openBrowser(home.url).signIn(own);
  await browser.api.session.switchTo.mutate({ organizationId: acme.id });
  return { acme, browser, memberId, password: own.ownerPassword };
}

async function deactivate(organizationId: string, memberId: string): Promise<void> {
  const context = await home.operatorOf(organizationId);
  await enableProvisioning(home.database, context, { acknowledgeSso: true });
  const issued = await issueToken(home.database, context, { name: "deactivation" });
  const credential = issued.ok ? credentialOf(issued.value.token) : undefined;
  if (credential === undefined) throw new Error("No token could be issued.");
  const outcome = await writeMember(home.database, {
    credential,
    id: memberId,
    now: home.clock.now,
    requestId: "test",
    intend: (member) => ({ ok: true, value: { kind: "change", input: { ...member, active: false } } }),
  });
  expect(outcome.kind).toBe("saved");
}

// A form that is still open in another tab must not act on the organization that was opened since.
test("a change from a page of another organization is refused", async () => {
  const [one, two] = [await home.organization("Tabone"), await home.organization("Tabtwo")];
  const cookie = (await openBrowser(home.url).signIn(two)).cookie();
  const shown = (organizationId: string) =>
    openBrowser(home.url, cookie, { "x-rollcall-organization": organizationId }).call("mutation", "roles.create", {
      name: "Made in a tab",
      permissions: [],
    });
  expect((await shown(one.id)).body).toMatchObject({ error: { data: { code: "CONFLICT" } } });
  expect((await shown(two.id)).status).toBe(200);
});
