import { createOrganization, enableProvisioning } from "@rollcall/db";
import { passwordCost } from "@rollcall/db/testing";
import { whileLocked } from "@rollcall/db/testing/locks";
import { describe, expect, test } from "vitest";
import { refusalOf } from "../testing/observations.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();
let count = 0;

const nextPassword = "watercolor and yoghurt";

/** A new organization with its owner signed in. */
const owner = () => home.ownerOf(`Target${++count}`);

type Answer = { readonly status: number; readonly body: unknown };

// In a browser left open, a request that judges nothing must not allow more attempts.
test("a request without a password does not reset the count of wrong passwords", async () => {
  const { organization: own, browser } = await owner();
  const attempt = (): Promise<Answer> =>
    browser.call("mutation", "account.changePassword", { current: "not this one", next: nextPassword });
  for (let tries = 0; tries < 9; tries++) expect(refusalOf(await attempt())).toBe("passwordWrong");
  expect(refusalOf(await browser.call("mutation", "twoFactor.confirm", { code: "000000" }))).toBe("twoFactorOff");
  expect(refusalOf(await attempt())).toBe("passwordWrong");
  const right = { current: own.ownerPassword, next: nextPassword };
  expect((await browser.call("mutation", "account.changePassword", right)).status).toBe(429);
});

// The duration must not reveal more than the response.
test("AR-65 the response to a reset is no faster without an account", async () => {
  const startedAt = performance.now();
  await openBrowser(home.url).api.forgottenPassword.request.mutate({ email: "nobody@nowhere.example" });
  expect(performance.now() - startedAt).toBeGreaterThan(140);
});

// Unrelated people must not be flooded with emails.
test("requesting and withdrawing new addresses repeatedly is limited", async () => {
  const { browser } = await owner();
  const statuses = [];
  for (let tries = 0; tries < 11; tries++) {
    const response = await browser.call("mutation", "account.startEmailChange", { email: `${tries}@far.example` });
    statuses.push(response.status);
    const [waiting] = (await browser.api.account.get.query()).emailChanges;
    if (waiting !== undefined) await browser.api.account.withdrawEmailChange.mutate({ id: waiting.id });
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
});

// A person deactivated by the directory is recorded as such (AR-51) and cannot leave.
test("AR-63 a membership that the directory has ended is not left from another organization", async () => {
  const { organization: here } = await owner();
  const { organization: elsewhere, browser } = await owner();
  const memberId = await home.provision(here, elsewhere.ownerEmail);
  await browser.api.session.accept.mutate({ organizationId: here.id });
  await home.rows("update member set active = false where id = $1", [memberId]);
  const response = await browser.call("mutation", "account.leave", { organizationId: here.id });
  expect(refusalOf(response)).toBe("memberNotFound");
  const kept = "select is_deleted from member where id = $1";
  expect(await home.rows(kept, [memberId])).toEqual([{ is_deleted: false }]);
});

// Rule 5b: nobody must stay on a list without having agreed to it.
test("rule 5b a membership that the person has not accepted is declined, with provisioning on", async () => {
  const { organization: here } = await owner();
  const { organization: elsewhere, browser } = await owner();
  const memberId = await home.provision(here, elsewhere.ownerEmail);
  expect((await browser.call("mutation", "account.leave", { organizationId: here.id })).status).toBe(200);
  const kept = "select is_deleted from member where id = $1";
  expect(await home.rows(kept, [memberId])).toEqual([{ is_deleted: true }]);
  expect((await browser.api.session.current.query())?.awaiting).toEqual([]);
});

// The lock order: leaving locks the settings of the organization, as every concurrent leave does.
test("two people leaving one organization at once both succeed", async () => {
  for (let round = 0; round < 5; round++) {
    const { organization: own } = await owner();
    const people = [await owner(), await owner()];
    for (const person of people) {
      await home.provision(own, person.organization.ownerEmail);
      await person.browser.api.session.accept.mutate({ organizationId: own.id });
    }
    await home.release(own);
    const leave = ({ browser }: (typeof people)[number]): Promise<Answer> =>
      browser.call("mutation", "account.leave", { organizationId: own.id });
    expect((await Promise.all(people.map(leave))).map(({ status }) => status)).toEqual([200, 200]);
  }
});

// Whoever recovers an account must be rid of a person who signs in or switches at the same time.
describe("while the account’s sessions are ended,", () => {
  const account = "select id from account where email = $1 for update";

  test("its former password does not sign in", async () => {
    const { organization: own } = await owner();
    const given = { email: own.ownerEmail, password: own.ownerPassword };
    const lock = { text: "update account set password_hash = 'another' where email = $1", values: [own.ownerEmail] };
    const { signedIn } = await whileLocked(home.database, lock, async (waitFor) => {
      const signedIn = openBrowser(home.url).call("mutation", "session.signIn", given);
      await waitFor(1, signedIn);
      return { signedIn };
    });
    expect(refusalOf(await signedIn)).toBe("signInWrong");
  });

  test("none of them is switched", async () => {
    const { organization: own, browser } = await owner();
    const text = `with held as (${account}) update session set ended_at = now() where account_id in (select id from held)`;
    const { switched } = await whileLocked(home.database, { text, values: [own.ownerEmail] }, async (waitFor) => {
      const switched = browser.call("mutation", "session.switchTo", { organizationId: own.id });
      await waitFor(1, switched);
      return { switched };
    });
    expect((await switched).status).toBe(404);
    expect(await browser.api.session.current.query()).toBeNull();
  });

  test.each([
    ["account.startEmailChange", { email: "thief@evil.example" }],
    ["twoFactor.begin", undefined],
    ["account.leave", {}],
  ])("none of them does %s", async (procedure, input) => {
    const { organization: own, browser } = await owner();
    const text = `with held as (${account}) update session set ended_at = now() where account_id in (select id from held)`;
    const { acted } = await whileLocked(home.database, { text, values: [own.ownerEmail] }, async (waitFor) => {
      const given = procedure === "account.leave" ? { organizationId: own.id } : input;
      const acted = browser.call("mutation", procedure, given);
      await waitFor(1, acted);
      return { acted };
    });
    expect((await acted).body).toMatchObject({ error: { data: { code: "FORBIDDEN" } } });
  });

  test("one that has just been started ends too", async () => {
    const { organization: own, browser } = await owner();
    const text = `with held as (${account}) insert into session select (jsonb_populate_record(s,
      jsonb_build_object('id', gen_random_uuid()))).* from session s where account_id in (select id from held)`;
    const { ended } = await whileLocked(home.database, { text, values: [own.ownerEmail] }, async (waitFor) => {
      const ended = browser.api.account.endOtherSessions.mutate();
      await waitFor(1, ended);
      return { ended };
    });
    expect(await ended).toEqual({ ended: 1 });
  });
});

test("AR-64 the lock of the last of 101 organizations holds", async () => {
  const actor = { kind: "operator", id: null, name: "operator" } as const;
  const made = { ownerEmail: "many@orgs.example", passwordCost, actor, now: home.clock.now };
  const { ownerPassword: current } = await createOrganization(home.database, { ...made, name: "A 0" });
  for (let number = 1; number < 100; number++)
    await createOrganization(home.database, { ...made, name: `A ${number}` });
  const { organizationId } = await createOrganization(home.database, { ...made, name: "Z" });
  const context = await home.operatorOf(organizationId);
  if (current === null) throw new Error("The organization was not made.");
  await enableProvisioning(home.database, context, { acknowledgeSso: true });
  const browser = openBrowser(home.url);
  await browser.api.session.signIn.mutate({ email: made.ownerEmail, password: current });
  const changed = await browser.call("mutation", "account.changePassword", { current, next: nextPassword });
  expect(refusalOf(changed)).toBe("memberLocked");
});
