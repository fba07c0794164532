import { describe, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import { countRows, lastLink, refusalOf } from "../testing/observations.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

const nextPassword = "watercolor and yoghurt";
let count = 0;

/** A new organization with its owner signed in. */
const owner = () => home.ownerOf(`Own${++count}`);

describe("the password", () => {
  test("is changed with the current one; every other session ends, this one stays", async () => {
    const { organization: own, browser } = await owner();
    const other = await openBrowser(home.url).signIn(own);
    const input = { current: own.ownerPassword, next: nextPassword };
    await browser.api.account.changePassword.mutate(input);
    expect(await other.api.session.current.query()).toBeNull();
    expect(await browser.api.session.current.query()).not.toBeNull();
    await expect(openBrowser(home.url).signIn(own)).rejects.toThrow("Email or password is wrong.");
    await openBrowser(home.url).signIn({ ...own, ownerPassword: nextPassword });
  });

  test.each([
    [{ current: "not this one", next: nextPassword }, "passwordWrong"],
    [{ current: "", next: nextPassword }, undefined],
    [{ next: "short" }, "passwordWeak"],
    [{ next: "owner@own" }, "passwordWeak"],
  ])("is not changed by %j", async (given, kind) => {
    const { organization: own, browser } = await owner();
    const before = await countRows(home.database);
    const response = await browser.call("mutation", "account.changePassword", { current: own.ownerPassword, ...given });
    expect(refusalOf(response)).toEqual(kind);
    expect(response.status).toBe(400);
    expect(await countRows(home.database)).toEqual(before);
    await openBrowser(home.url).signIn(own);
  });

  test("is reset by a link, once; every session ends and none begins", async () => {
    const { organization: own, browser } = await owner();
    const visitor = openBrowser(home.url);
    await visitor.api.forgottenPassword.request.mutate({ email: own.ownerEmail.toUpperCase() });
    const token = await lastLink(home.database, own.ownerEmail);
    await visitor.api.forgottenPassword.check.query({ token });
    await visitor.api.forgottenPassword.complete.mutate({ token, password: nextPassword });
    expect(refusalOf(await visitor.call("query", "forgottenPassword.check", { token }))).toBe("linkEnded");
    expect(visitor.cookie()).toBeUndefined();
    expect(await browser.api.session.current.query()).toBeNull();
    await openBrowser(home.url).signIn({ ...own, ownerPassword: nextPassword });
    const again = await visitor.call("mutation", "forgottenPassword.complete", {
      token,
      password: "another good one",
    });
    expect(refusalOf(again)).toBe("linkEnded");
  });

  test("is not set by an old link, a link that was followed by a newer one, or another secret", async () => {
    const { organization: own } = await owner();
    const visitor = openBrowser(home.url);
    await visitor.api.forgottenPassword.request.mutate({ email: own.ownerEmail });
    const first = await lastLink(home.database, own.ownerEmail);
    await visitor.api.forgottenPassword.request.mutate({ email: own.ownerEmail });
    const second = await lastLink(home.database, own.ownerEmail);
    const forged = `${second.split(".").slice(0, 2).join(".")}.${"A".repeat(43)}`;
    const startedAt = home.clock.now;
    for (const token of [first, forged, "x", "", "x".repeat(999), `${second}x`]) {
      const response = await visitor.call("mutation", "forgottenPassword.complete", { token, password: nextPassword });
      expect([token, refusalOf(response)]).toEqual([token, "linkEnded"]);
      // The same error comes before a password is typed.
      expect(refusalOf(await visitor.call("query", "forgottenPassword.check", { token }))).toBe("linkEnded");
    }
    home.clock.now = new Date(startedAt.getTime() + 3_600_000);
    const late = await visitor.call("mutation", "forgottenPassword.complete", {
      token: second,
      password: nextPassword,
    });
    home.clock.now = startedAt;
    expect(refusalOf(late)).toBe("linkEnded");
  });

  // The response must not reveal whether an account exists.
  test("AR-65 a reset gets the same response for every address", async () => {
    const { organization: own } = await owner();
    const visitor = openBrowser(home.url);
    const ask = (email: string): Promise<unknown> => visitor.call("mutation", "forgottenPassword.request", { email });
    const known = await ask(own.ownerEmail);
    expect(await ask("nobody@nowhere.example")).toEqual(known);
    await home.provision(own, `pam@own${count}.example`);
    expect(await ask(own.ownerEmail)).toEqual(known);
  });
});

describe("the email address", () => {
  test("moves when the link sent to the new one is followed, and the roster follows", async () => {
    const { organization: own, browser } = await owner();
    const email = `moved@own${count}.example`;
    await browser.api.account.startEmailChange.mutate({ email });
    expect((await browser.api.account.get.query()).emailChanges.map((one) => one.email)).toEqual([email]);
    const token = await lastLink(home.database, email);
    expect(await openBrowser(home.url).api.account.checkEmailLink.query({ token })).toEqual({ email });
    expect(await openBrowser(home.url).api.account.confirmEmailChange.mutate({ token })).toEqual({ email });
    expect(await browser.api.account.get.query()).toMatchObject({ email, emailChanges: [] });
    const { members } = await browser.api.members.list.query({ page: 1, pageSize: 10 });
    expect(members.map(({ userName }) => userName)).toEqual([email]);
    const { entries } = await browser.api.activity.list.query({ limit: 1 });
    expect(entries[0]).toMatchObject({ kind: "member.email_changed", before: { userName: own.ownerEmail } });
    await openBrowser(home.url).signIn({ ...own, ownerEmail: email });
    expect(await refusalsOfLink(browser, token)).toEqual(["linkEnded", "linkEnded"]);
  });

  test("of another account is not taken: its owner is notified, and the response reveals nothing", async () => {
    const { organization: theirs } = await owner();
    const { organization: own, browser } = await owner();
    await browser.api.account.startEmailChange.mutate({ email: theirs.ownerEmail });
    expect(await browser.api.account.get.query()).toMatchObject({ email: own.ownerEmail });
    await expect(lastLink(home.database, theirs.ownerEmail)).rejects.toThrow("no link");
  });

  test("taken by another account meanwhile is refused, as its link has ended, and changes nothing", async () => {
    const { organization: own, browser } = await owner();
    const email = `wanted@own${count}.example`;
    await browser.api.account.startEmailChange.mutate({ email });
    const token = await lastLink(home.database, email);
    const rival = await owner();
    await rival.browser.api.account.startEmailChange.mutate({ email });
    await rival.browser.api.account.confirmEmailChange.mutate({ token: await lastLink(home.database, email) });
    expect(await refusalsOfLink(browser, token)).toEqual(["linkEnded", "linkEnded"]);
    expect(await browser.api.account.get.query()).toMatchObject({ email: own.ownerEmail });
  });

  test("does not move by a link that was withdrawn, and at most five changes wait", async () => {
    const { browser } = await owner();
    const email = `late@own${count}.example`;
    await browser.api.account.startEmailChange.mutate({ email });
    const token = await lastLink(home.database, email);
    const [change] = (await browser.api.account.get.query()).emailChanges;
    await browser.api.account.withdrawEmailChange.mutate({ id: change?.id ?? "" });
    expect(await refusalsOfLink(browser, token)).toEqual(["linkEnded", "linkEnded"]);
    for (let number = 1; number <= 5; number++) {
      await browser.api.account.startEmailChange.mutate({ email: `${number}@own.example` });
    }
    const sixth = await browser.call("mutation", "account.startEmailChange", { email: "6@own.example" });
    expect(refusalOf(sixth)).toBe("challengeLimitReached");
  });
});

// After a person has taken their account back from an intruder, no earlier link may work.
test("a new password and a new address end every link that was sent before", async () => {
  const { organization: own, browser } = await owner();
  const email = `intruder@own${count}.example`;
  await browser.api.account.startEmailChange.mutate({ email });
  const change = await lastLink(home.database, email);
  await browser.api.account.changePassword.mutate({ current: own.ownerPassword, next: nextPassword });
  expect(await refusalsOfLink(browser, change)).toEqual(["linkEnded", "linkEnded"]);

  await browser.api.forgottenPassword.request.mutate({ email: own.ownerEmail });
  const token = await lastLink(home.database, own.ownerEmail);
  await browser.api.account.startEmailChange.mutate({ email: `new@own${count}.example` });
  const confirm = await lastLink(home.database, `new@own${count}.example`);
  await browser.api.account.confirmEmailChange.mutate({ token: confirm });
  const reset = await browser.call("mutation", "forgottenPassword.complete", { token, password: nextPassword });
  expect(refusalOf(reset)).toBe("linkEnded");
});

test("AR-69 sessions are listed, and all but this one are ended", async () => {
  const { organization: own, browser } = await owner();
  const other = await openBrowser(home.url).signIn(own);
  const sessions = await browser.api.account.sessions.query();
  expect(sessions).toHaveLength(2);
  expect(sessions.filter(({ isThis }) => isThis)).toHaveLength(1);
  expect(await browser.api.account.endOtherSessions.mutate()).toEqual({ ended: 1 });
  expect(await other.api.session.current.query()).toBeNull();
  expect(await browser.api.account.sessions.query()).toHaveLength(1);
});

describe("leaving", () => {
  test("ends the membership with its sessions, and leads to another organization", async () => {
    const { organization: own } = await owner();
    const { organization: elsewhere, browser } = await owner();
    await home.provision(own, elsewhere.ownerEmail);
    await browser.api.session.accept.mutate({ organizationId: own.id });
    await home.release(own);
    await browser.api.session.switchTo.mutate({ organizationId: own.id });
    expect(await browser.api.account.leave.mutate({ organizationId: own.id })).toEqual({ isSignedOut: false });
    const current = await browser.api.session.current.query();
    expect(current?.organization).toEqual({ id: elsewhere.id, name: elsewhere.name });
    expect(current?.organizations).toHaveLength(1);
  });

  test("AR-72 is not for the last owner", async () => {
    const { organization: own, browser } = await owner();
    const response = await browser.call("mutation", "account.leave", { organizationId: own.id });
    expect(refusalOf(response)).toBe("lastOwner");
  });
});

/** The refusals of an address-change link, checked before it is followed and when it is. */
async function refusalsOfLink(browser: TestBrowser, token: string): Promise<readonly unknown[]> {
  const checked = await browser.call("query", "account.checkEmailLink", { token });
  return [refusalOf(checked), refusalOf(await browser.call("mutation", "account.confirmEmailChange", { token }))];
}
