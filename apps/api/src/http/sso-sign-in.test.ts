import { verifyDomain } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import {
  assertionOf,
  responseOf,
  signed,
  testResponse,
  type TestAlgorithms,
  type TestStatement,
} from "../testing/test-assertion.ts";
import { refusalOf } from "../testing/observations.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { newTestKey } from "../testing/test-certificate.ts";
import { useTestConsole, useTestIdp } from "../testing/test-hooks.ts";
import { everyRow, localAppUrl, newSsoOrganization } from "../testing/test-sso.ts";

const home = await useTestConsole({ publicAppUrl: localAppUrl });
const idp = await useTestIdp();
const pam = "pam@acme.example";

const acme = await newSsoOrganization(home, idp, "Acme");
const memberId = await home.provision(acme, pam);

function statement(more: Partial<TestStatement> = {}): Omit<TestStatement, "issuer"> {
  return { acsUrl: acme.provider.acsUrl, audience: acme.provider.entityId, nameId: pam, now: home.clock.now, ...more };
}

async function startRequest(next = "/"): Promise<string> {
  return (await idp.read(await acme.start({ next }))).id;
}

/** A valid response to a request of ours. */
async function samlResponse(more: Partial<TestStatement> = {}): Promise<string> {
  return idp.respond(statement({ requestId: await startRequest(), ...more }));
}

describe("a person signs in", () => {
  test("from the console, and is led to where they wanted to go", async () => {
    const url = await acme.start({ next: "/members?search=x" });
    const request = await idp.read(url);
    expect(request).toMatchObject({ issuer: acme.provider.entityId, acsUrl: acme.provider.acsUrl });
    const { location, browser } = await acme.deliver(idp.respond(statement({ requestId: request.id })));
    expect(location).toBe("/members?search=x");
    expect(await browser.api.session.current.query()).toMatchObject({
      account: { email: pam },
      organization: { id: acme.id },
    });
  });

  test("in any case of the address, with the whole response signed too", async () => {
    const more = { requestId: await startRequest("/activity"), nameId: "PAM@Acme.Example" };
    const { location, browser } = await acme.deliver(idp.respond(statement(more), { signs: "both" }));
    expect(location).toBe("/activity");
    expect(await browser.api.session.current.query()).toMatchObject({ account: { email: pam }, isOwner: false });
  });

  // Deactivated or exempt, they could move their account to another address, by which the provider does not know them.
  test("in a verified domain also by the userName of a managed person whose account has another address", async () => {
    const moved = {
      text: "update account set email = 'pam@home.example', email_key = 'pam@home.example' where email = $1",
    };
    const back = { text: "update account set email = $1, email_key = $1 where email = 'pam@home.example'" };
    await home.database.sql.query({ name: "", ...moved }, [pam]);
    try {
      const { browser } = await acme.deliver(await samlResponse());
      expect(await browser.api.session.current.query()).toMatchObject({ account: { email: "pam@home.example" } });
      expect((await browser.api.account.get.query()).isProven).toBe(false);
    } finally {
      await home.database.sql.query({ name: "", ...back }, [pam]);
    }
  });

  // A provider must not redirect people to another site.
  test.each(["https://rogue.example", "//rogue.example", "/\\rogue.example"])(
    "and %s leads nowhere else",
    async (relayState) => {
      const begun = await acme.deliver(idp.respond(statement()), { relayState, mark: null });
      expect(begun.location).toBe(`/sso/${acme.id}/start?restart=1&next=%2F`);
      const { location } = await acme.deliver(idp.respond(statement({ requestId: await startRequest(relayState) })));
      expect(location).toBe("/");
    },
  );

  test("within a minute of skew between the clocks", async () => {
    for (const more of [{ validUntilS: -59 }, { validFromS: 59 }]) {
      expect((await acme.deliver(await samlResponse(more))).location).toBe("/");
    }
  });
});

/** A response in base64 after its XML was changed. */
function changed(response: string, change: (xml: string) => string): string {
  return Buffer.from(change(Buffer.from(response, "base64").toString())).toString("base64");
}

const xmldsig = "http://www.w3.org/2000/09/xmldsig#";
const rsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const sha256Digest = "http://www.w3.org/2001/04/xmlenc#sha256";

/** A valid assertion except for its signature. */
function weak(algorithms: TestAlgorithms): string {
  const facts = { ...statement(), issuer: idp.entityId };
  return Buffer.from(responseOf(facts, signed(assertionOf(facts), idp.key, algorithms))).toString("base64");
}

/** A signed assertion that is moved away, with a forged one in its place. */
function wrapped(place: (signedOne: string, forged: string) => string): string {
  const facts = { ...statement(), issuer: idp.entityId };
  const genuine = signed(assertionOf(facts), idp.key);
  const forged = assertionOf({ ...facts, nameId: acme.ownerEmail });
  return Buffer.from(responseOf(facts, place(genuine, forged))).toString("base64");
}

describe("refused, and not a row is written:", () => {
  test.each<[string, string, () => string | Promise<string>]>([
    ["no assertion at all", "malformed", () => "bm90IFhNTA=="],
    ["an entity in the XML", "malformed", () => changed(idp.respond(statement()), (xml) => `<!DOCTYPE x []>${xml}`)],
    ["a provider that says no", "providerRefused", () => idp.respond(statement({ status: "Responder" }))],
    ["an unsigned assertion", "signature", () => idp.respond(statement(), { signs: "none" })],
    ["an unsigned assertion in a signed response", "signature", () => idp.respond(statement(), { signs: "response" })],
    ["another key's signature", "signature", () => idp.respond(statement(), { key: newTestKey("Rogue") })],
    [
      "a changed NameID",
      "signature",
      () => changed(idp.respond(statement()), (xml) => xml.replace(pam, acme.ownerEmail)),
    ],
    ["a signature by SHA-1", "signature", () => weak({ signature: `${xmldsig}rsa-sha1`, digest: sha256Digest })],
    [
      "a signature by SHA-1 that a character reference spells",
      "signature",
      () =>
        changed(weak({ signature: `${xmldsig}rsa-sha1`, digest: sha256Digest }), (xml) =>
          xml.replace("rsa-sha1", "rsa-sh&#97;1"),
        ),
    ],
    ["a digest by SHA-1", "signature", () => weak({ signature: rsaSha256, digest: `${xmldsig}sha1` })],
    ["a forged assertion before the signed one", "malformed", () => wrapped((genuine, forged) => forged + genuine)],
    ["a forged assertion behind the signed one", "malformed", () => wrapped((genuine, forged) => genuine + forged)],
    [
      "a forged assertion around the signed one",
      "malformed",
      () => wrapped((genuine, forged) => forged.replace("</saml:Assertion>", `${genuine}</saml:Assertion>`)),
    ],
    [
      "a forged assertion with the signature of the signed one",
      "malformed",
      () =>
        wrapped((genuine, forged) => {
          const signature = /<Signature.*<\/Signature>/s.exec(genuine)?.[0] ?? "";
          const object = `<Object>${genuine.replace(signature, "")}</Object></Signature>`;
          return forged.replace("</saml:Issuer>", `</saml:Issuer>${signature.replace("</Signature>", object)}`);
        }),
    ],
    ["another issuer", "issuer", () => idp.respond({ ...statement(), issuer: "https://rogue.example" })],
    ["another audience", "audience", () => idp.respond(statement({ audience: "https://other.example" }))],
    ["another recipient", "recipient", () => idp.respond(statement({ recipient: "https://rogue.example" }))],
    ["another destination", "recipient", () => idp.respond(statement({ destination: "https://rogue.example" }))],
    ["an expired assertion", "expired", () => idp.respond(statement({ validUntilS: -61 }))],
    ["one that is not valid yet", "notYetValid", () => idp.respond(statement({ validFromS: 90 }))],
    ["an answer to nobody's request", "request", () => idp.respond(statement({ requestId: "_unknown" }))],
    [
      "an answer to another request than it says",
      "request",
      async () => idp.respond(statement({ requestId: await startRequest(), responseRequestId: await startRequest() })),
    ],
    ["no email address", "nameId", () => idp.respond(statement({ nameId: "pam" }))],
    ["nobody's address", "noMember", () => idp.respond(statement({ nameId: "stranger@acme.example" }))],
  ])("%s", async (_words, problem, make) => {
    const response = await make();
    const before = await everyRow(home);
    const { location, browser } = await acme.deliver(response);
    expect(location).toBe(`/sign-in?sso=${problem}`);
    expect(browser.cookie()).toBeUndefined();
    expect(await everyRow(home)).toEqual(before);
  });

  test("an assertion that was used, also when it comes twice at once", async () => {
    const response = await samlResponse();
    const arrivals = await Promise.all([acme.deliver(response), acme.deliver(response), acme.deliver(response)]);
    const places = arrivals.map(({ location }) => location);
    expect(places.filter((place) => place === "/")).toHaveLength(1);
    expect(places.filter((place) => place === "/sign-in?sso=request")).toHaveLength(2);
    const before = await everyRow(home);
    expect((await acme.deliver(response)).location).toBe("/sign-in?sso=request");
    expect(await everyRow(home)).toEqual(before);
  });

  test("a request that was used, or that waited for more than ten minutes", async () => {
    const requestId = await startRequest();
    await acme.deliver(idp.respond(statement({ requestId })));
    expect((await acme.deliver(idp.respond(statement({ requestId })))).location).toBe("/sign-in?sso=request");
    const late = await startRequest();
    home.clock.now = new Date(home.clock.now.getTime() + 10 * 60_000);
    expect((await acme.deliver(idp.respond(statement({ requestId: late })))).location).toBe("/sign-in?sso=request");
  });

  // A refused sign-in must not use up the request: the valid response to it still signs in.
  test("and the request stays open for the valid response", async () => {
    const requestId = await startRequest();
    const wrong = idp.respond(statement({ requestId, nameId: "stranger@acme.example" }));
    expect((await acme.deliver(wrong)).location).toBe("/sign-in?sso=noMember");
    expect((await acme.deliver(idp.respond(statement({ requestId })))).location).toBe("/");
  });

  test("another organization's assertion, and an organization without single sign-on", async () => {
    const other = await newSsoOrganization(home, idp, "Other");
    expect((await other.deliver(idp.respond(statement()))).location).toBe("/sign-in?sso=audience");
    const none = await home.organization("None");
    for (const id of [none.id, "00000000-0000-7000-8000-000000000000", "nothing"]) {
      const response = await fetch(`${home.url}/sso/${id}/start`, { redirect: "manual" });
      expect(response.headers.get("location")).toBe("/sign-in?sso=notConfigured");
    }
  });
});

describe("a person without access here", () => {
  test("a deactivated and a removed member are refused, and out at once", async () => {
    const { browser } = await acme.deliver(await samlResponse());
    const set = async (text: string): Promise<void> => {
      await home.rows(`update member set ${text} where id = $1`, [memberId]);
    };
    await set("active = false");
    expect((await acme.deliver(await samlResponse())).location).toBe("/sign-in?sso=noMember");
    expect(await browser.api.session.current.query()).toBeNull();
    await set("active = true, deleted_at = now()");
    expect((await acme.deliver(await samlResponse())).location).toBe("/sign-in?sso=noMember");
    await set("deleted_at = null");
    expect((await acme.deliver(await samlResponse())).location).toBe("/");
  });

  test("a membership is accepted by the sign-in only where the domain is the organization's own", async () => {
    const elsewhere = await home.organization("Elsewhere");
    await home.provision(acme, elsewhere.ownerEmail);
    const response = (): Promise<string> => samlResponse({ nameId: elsewhere.ownerEmail });
    expect((await acme.deliver(await response())).location).toBe("/sign-in?sso=notAccepted");
    await verifyDomain(home.database, await home.operatorOf(acme.id), "elsewhere.example");
    const { browser } = await acme.deliver(await response());
    expect(await browser.api.session.current.query()).toMatchObject({ organization: { id: acme.id } });
  });

  // Owners control what their identity provider asserts about people, so it must not open those people's other
  // organizations.
  test("a session by one organization's single sign-on gives no access to another", async () => {
    const private_ = await home.organization("Private");
    await home.provision(acme, private_.ownerEmail);
    const own = await openBrowser(home.url).signIn(private_);
    await own.api.account.startEmailChange.mutate({ email: "mine@private.example" });
    await own.api.session.accept.mutate({ organizationId: acme.id });
    const { browser } = await acme.deliver(await samlResponse({ nameId: private_.ownerEmail }));
    const unproven = {
      data: { code: "FORBIDDEN", rule: { kind: "entryUnproven", organization: "Private", missing: ["password"] } },
    };
    await expect(browser.api.session.switchTo.mutate({ organizationId: private_.id })).rejects.toMatchObject(unproven);
    expect(await browser.api.session.current.query()).toMatchObject({
      organization: { id: acme.id },
      organizations: [{ id: acme.id }],
    });
    // Nor does it see which organizations lock the account, or the addresses that are to become the person's.
    await home.provision(private_, "first@locks.example");
    const account = await browser.api.account.get.query();
    const lock = { holders: [{ name: "Acme" }] };
    expect(account).toMatchObject({ isProven: false, emailChanges: [], locks: { changeEmail: lock } });
    const locks = { changeEmail: { holders: [{ name: "Acme" }, { name: "Private" }] } };
    expect(await own.api.account.get.query()).toMatchObject({
      locks,
      emailChanges: [{ email: "mine@private.example" }],
    });
    const input = {
      email: "mine@rival.example",
      name: "Mallory",
      current: private_.ownerPassword,
      next: "x",
      code: "1",
    };
    for (const act of ["account.startEmailChange", "account.rename", "account.changePassword", "twoFactor.begin"]) {
      const response = await browser.call("mutation", act, input);
      expect([act, refusalOf(response)]).toEqual([act, "accountUnproven"]);
    }
    // A verified domain also gives access to the person's email, so its owner may see the account, and no more.
    await verifyDomain(home.database, await home.operatorOf(acme.id), "private.example");
    expect((await browser.api.account.get.query()).isProven).toBe(true);
    await expect(browser.api.session.switchTo.mutate({ organizationId: private_.id })).rejects.toMatchObject(unproven);
    await browser.api.session.prove.mutate({ password: private_.ownerPassword });
    await browser.api.session.switchTo.mutate({ organizationId: private_.id });
    expect(await browser.api.session.current.query()).toMatchObject({ organization: { id: private_.id } });
  });
});

test("a body that is too large, or no form, is refused", async () => {
  const url = `${home.url}/sso/${acme.id}/acs`;
  const large = await fetch(url, { method: "POST", body: new URLSearchParams({ SAMLResponse: "x".repeat(600_000) }) });
  expect(large.status).toBe(413);
  const odd = await fetch(url, { method: "POST", body: "{}", redirect: "manual" });
  expect(odd.headers.get("location")).toBe("/sign-in?sso=malformed");
  // A response without a surrounding declaration is valid XML.
  const bare = Buffer.from(testResponse({ ...statement(), issuer: idp.entityId }, idp.key)).toString();
  expect((await acme.deliver(bare)).location).toBe("/sign-in?sso=malformed");
});

test("our metadata names the ACS and wants signed assertions", async () => {
  const response = await fetch(acme.provider.metadataUrl.replace(localAppUrl, home.url));
  const xml = await response.text();
  expect(response.headers.get("content-type")).toContain("application/samlmetadata+xml");
  for (const part of [
    `entityID="${acme.provider.entityId}"`,
    `"${acme.provider.acsUrl}"`,
    `WantAssertionsSigned="true"`,
  ])
    expect(xml).toContain(part);
});
