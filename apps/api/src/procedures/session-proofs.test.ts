import { generateSync } from "otplib";
import { describe, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "../testing/test-browser.ts";
import { newTestKey } from "../testing/test-certificate.ts";
import { useTestConsole, useTestIdp } from "../testing/test-hooks.ts";
import { testMetadata } from "../testing/test-idp.ts";
import { localAppUrl, newSsoOrganization, type TestSso } from "../testing/test-sso.ts";

const home = await useTestConsole({ publicAppUrl: localAppUrl });
const idp = await useTestIdp();

/** The owner of `acme`, signed in by its single sign-on. */
async function bySso(acme: TestSso, more: { readonly sessionUntilS?: number } = {}): Promise<TestBrowser> {
  const { acsUrl, entityId: audience } = acme.provider;
  const requestId = (await idp.read(await acme.start())).id;
  const statement = { acsUrl, audience, nameId: acme.ownerEmail, now: home.clock.now, requestId, ...more };
  return (await acme.deliver(idp.respond(statement))).browser;
}

/** A second organization where the owner of `acme` is a member. */
async function alsoIn(acme: TestSso, name: string): Promise<string> {
  const other = await home.organization(name);
  await home.provision(other, acme.ownerEmail);
  await acme.owner.api.session.accept.mutate({ organizationId: other.id });
  return other.id;
}

function codeOf(secret: string, steps = 0): string {
  const epoch = Math.floor(home.clock.now.getTime() / 1000) + steps * 30;
  return generateSync({ secret, epoch });
}

const isIn = async (browser: TestBrowser): Promise<string | undefined> =>
  (await browser.api.session.current.query())?.organization?.name;

describe("assurance travels with the session", () => {
  test("single sign-on of one organization skips neither factor on the way into another", async () => {
    const acme = await newSsoOrganization(home, idp, "Factors");
    const organizationId = await alsoIn(acme, "FactorsElsewhere");
    const { secret } = await acme.owner.api.twoFactor.begin.mutate();
    await acme.owner.api.twoFactor.confirm.mutate({ code: codeOf(secret, -1) });
    const browser = await bySso(acme);
    const enter = (): Promise<unknown> => browser.api.session.switchTo.mutate({ organizationId });
    const missing = (what: readonly string[]): object => ({ data: { rule: { kind: "entryUnproven", missing: what } } });
    await expect(enter()).rejects.toMatchObject(missing(["password", "secondFactor"]));
    await browser.api.session.prove.mutate({ password: acme.ownerPassword });
    await expect(enter()).rejects.toMatchObject(missing(["secondFactor"]));
    await expect(browser.api.session.prove.mutate({ code: "000000" })).rejects.toMatchObject({
      data: { rule: { kind: "twoFactorWrong" } },
    });
    await browser.api.session.prove.mutate({ code: codeOf(secret) });
    await enter();
    expect(await isIn(browser)).toBe("FactorsElsewhere");
    // The proofs are kept; the origin in single sign-on is not.
    await browser.api.session.switchTo.mutate({ organizationId: acme.id });
    expect(await isIn(browser)).toBe("Factors");
  });

  test("turning a second factor on requires it from sessions that never gave it", async () => {
    const acme = await newSsoOrganization(home, idp, "Later");
    const organizationId = await alsoIn(acme, "LaterElsewhere");
    const former = await openBrowser(home.url).signIn(acme);
    const { secret } = await acme.owner.api.twoFactor.begin.mutate();
    await acme.owner.api.twoFactor.confirm.mutate({ code: codeOf(secret) });
    await expect(former.api.session.switchTo.mutate({ organizationId })).rejects.toMatchObject({
      data: { rule: { kind: "entryUnproven", missing: ["secondFactor"] } },
    });
    await acme.owner.api.session.switchTo.mutate({ organizationId });
    expect(await isIn(acme.owner)).toBe("LaterElsewhere");
  });

  test("the list of sessions says how each began, and when it was proven by what", async () => {
    const acme = await newSsoOrganization(home, idp, "Listed");
    await bySso(acme);
    const at = home.clock.now.toISOString();
    const [newest, oldest] = await acme.owner.api.account.sessions.query();
    expect(newest).toMatchObject({ method: "sso", passwordAt: null, ssoAt: at, ssoEntityId: idp.entityId });
    expect(oldest).toMatchObject({
      method: "password",
      passwordAt: at,
      secondFactorAt: null,
      ssoAt: null,
      lastUsedAt: at,
    });
  });
});

describe("a session by single sign-on ends", () => {
  const nextKey = newTestKey("Next certificate");
  const metadataOf = (...certificates: Buffer[]): { readonly metadataXml: string } => {
    const provider = { entityId: idp.entityId, signInUrl: `${new URL(idp.entityId).origin}/sign-in`, certificates };
    return { metadataXml: testMetadata(provider) };
  };

  test("when its provider is replaced or removed, and not when a certificate is added", async () => {
    const acme = await newSsoOrganization(home, idp, "Trust");
    const [first, own] = [await bySso(acme), acme.owner];
    await own.api.sso.configure.mutate({ metadataUrl: idp.metadataUrl });
    await own.api.sso.configure.mutate(metadataOf(idp.key.certificate, nextKey.certificate));
    expect(await isIn(first)).toBe("Trust");
    await own.api.sso.configure.mutate(metadataOf(nextKey.certificate));
    expect(await isIn(first)).toBeUndefined();
    await own.api.sso.configure.mutate(metadataOf(idp.key.certificate));
    const second = await bySso(acme);
    expect(await isIn(second)).toBe("Trust");
    await own.api.sso.remove.mutate({ confirm: "remove" });
    expect(await isIn(second)).toBeUndefined();
    expect(await isIn(own)).toBe("Trust");
  });

  test("when the assertion says so", async () => {
    const acme = await newSsoOrganization(home, idp, "Until");
    const browser = await bySso(acme, { sessionUntilS: 3600 });
    const signedInAt = home.clock.now;
    try {
      home.clock.now = new Date(signedInAt.getTime() + 3600_000 - 1);
      expect(await isIn(browser)).toBe("Until");
      home.clock.now = new Date(signedInAt.getTime() + 3600_000);
      expect(await isIn(browser)).toBeUndefined();
    } finally {
      home.clock.now = signedInAt;
    }
    const over = await bySso(acme, { sessionUntilS: 0 });
    expect(over.cookie()).toBeUndefined();
  });
});
