import { describe, expect, test } from "vitest";
import type { TestStatement } from "../testing/test-assertion.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole, useTestIdp } from "../testing/test-hooks.ts";
import { everyRow, localAppUrl, markName, newSsoOrganization, type TestSso } from "../testing/test-sso.ts";

const home = await useTestConsole({ publicAppUrl: localAppUrl });
const idp = await useTestIdp();

function samlResponse(acme: TestSso, more: Partial<TestStatement> = {}): string {
  const { acsUrl, entityId: audience } = acme.provider;
  return idp.respond({ acsUrl, audience, nameId: acme.ownerEmail, now: home.clock.now, ...more });
}

const startRequest = async (acme: TestSso, query?: Readonly<Record<string, string>>): Promise<string> =>
  (await idp.read(await acme.start(query))).id;

describe("a response belongs to the browser that made the request", () => {
  test("which has a cookie that other sites send along and that no other host can set", async () => {
    const acme = await newSsoOrganization(home, idp, "Marked");
    await acme.owner.api.sso.startTest.mutate();
    expect(acme.owner.cookie(markName)).toMatch(
      /^__Host-rollcall_mark=[\w-]{43}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=None; Secure$/,
    );
  });

  // Login CSRF: a response to the attacker's own request must not sign in the victim's browser.
  test("and is refused in every other one, without a trace", async () => {
    const acme = await newSsoOrganization(home, idp, "Stolen");
    const other = await newSsoOrganization(home, idp, "Stolen2");
    await other.owner.api.sso.startTest.mutate();
    const response = samlResponse(acme, { requestId: await startRequest(acme) });
    const before = await everyRow(home);
    for (const mark of [null, other.owner.cookie(markName) ?? "", `${markName}=x`, `${markName}=`]) {
      const { location, browser } = await acme.deliver(response, { mark });
      expect([location, browser.cookie()]).toEqual(["/sign-in?sso=request", undefined]);
    }
    expect(await everyRow(home)).toEqual(before);
    expect((await acme.deliver(response)).location).toBe("/");
  });

  test("and two tabs can make requests at once", async () => {
    const acme = await newSsoOrganization(home, idp, "Tabs");
    const [first, second] = [await startRequest(acme), await startRequest(acme)];
    expect((await acme.deliver(samlResponse(acme, { requestId: first }))).location).toBe("/");
    expect((await acme.deliver(samlResponse(acme, { requestId: second }))).location).toBe("/");
  });

  test("and ends the session that it had", async () => {
    const acme = await newSsoOrganization(home, idp, "Former");
    const former = acme.owner.cookie() ?? "";
    const started = await fetch(`${home.url}/sso/${acme.id}/start`, {
      redirect: "manual",
      headers: { cookie: former.split(";")[0] ?? "" },
    });
    const mark = started.headers.getSetCookie()[0] ?? "";
    const { id: requestId } = await idp.read(started.headers.get("location") ?? "");
    const { browser } = await acme.deliver(samlResponse(acme, { requestId }), { mark });
    expect(await openBrowser(home.url, former).api.session.current.query()).toBeNull();
    expect(await browser.api.session.current.query()).toMatchObject({ organization: { id: acme.id } });
    // The proofs of the same person in that session are kept.
    const [session] = await browser.api.account.sessions.query();
    expect(session).toMatchObject({ method: "sso", passwordAt: home.clock.now.toISOString() });
  });
});

describe("an unrequested response", () => {
  test("leads to our own request, whose response signs in and leads to the tile's target", async () => {
    const acme = await newSsoOrganization(home, idp, "Tile");
    const before = await everyRow(home);
    const { location, browser } = await acme.deliver(samlResponse(acme), { relayState: "/activity", mark: null });
    expect(browser.cookie()).toBeUndefined();
    expect(await everyRow(home)).toEqual(before);
    expect(location).toBe(`/sso/${acme.id}/start?restart=1&next=%2Factivity`);
    const restart = new URL(location ?? "", localAppUrl);
    const requestId = await startRequest(acme, Object.fromEntries(restart.searchParams));
    expect((await acme.deliver(samlResponse(acme, { requestId }))).location).toBe("/activity");
    // The application tile works a second time.
    expect((await acme.deliver(samlResponse(acme))).location).toContain("restart=1");
  });

  // Whoever holds someone's assertion could add their own request to the unsigned response around it.
  test("signs no one in by the name of a request outside of its signature", async () => {
    const acme = await newSsoOrganization(home, idp, "Unsigned");
    const leaked = samlResponse(acme, { responseRequestId: await startRequest(acme) });
    const { location, browser } = await acme.deliver(leaked);
    expect([location, browser.cookie()]).toEqual([`/sso/${acme.id}/start?restart=1&next=%2F`, undefined]);
  });

  test("is checked first", async () => {
    const acme = await newSsoOrganization(home, idp, "Checked");
    const expired = await acme.deliver(samlResponse(acme, { validUntilS: -61 }), { mark: null });
    expect(expired.location).toBe("/sign-in?sso=expired");
    const unknown = await acme.deliver(samlResponse(acme, { nameId: "stranger@checked.example" }), { mark: null });
    expect(unknown.location).toBe("/sign-in?sso=noMember");
  });

  test("does not loop when the provider ignores the request", async () => {
    const acme = await newSsoOrganization(home, idp, "Circle");
    await startRequest(acme, { restart: "1" });
    expect((await acme.deliver(samlResponse(acme))).location).toBe("/sign-in?sso=unanswered");
    home.clock.now = new Date(home.clock.now.getTime() + 60_000);
    expect((await acme.deliver(samlResponse(acme))).location).toContain("restart=1");
  });
});

test("the provider asks for a new sign-in when it is forced, despite its own session", async () => {
  const acme = await newSsoOrganization(home, idp, "Again");
  expect((await idp.read(await acme.start())).isForced).toBe(false);
  expect((await idp.read(await acme.start({ again: "1" }))).isForced).toBe(true);
});
