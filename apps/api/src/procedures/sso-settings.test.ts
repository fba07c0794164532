import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { verifyDomain } from "@rollcall/db";
import { ssoRemovalPhrase } from "@rollcall/domain";
import { openBrowser } from "../testing/test-browser.ts";
import { newTestKey } from "../testing/test-certificate.ts";
import { useTestConsole, useTestIdp } from "../testing/test-hooks.ts";
import { refusalOf } from "../testing/observations.ts";
import { startTestIdp, testMetadata } from "../testing/test-idp.ts";
import { localAppUrl, markName, newSsoOrganization, type TestSso } from "../testing/test-sso.ts";

const home = await useTestConsole({ publicAppUrl: localAppUrl });
const idp = await useTestIdp();

const refused = (kind: string, more: object = {}): object =>
  expect.objectContaining({ data: expect.objectContaining({ rule: expect.objectContaining({ kind, ...more }) }) });

async function kindsOf(sso: TestSso): Promise<readonly string[]> {
  const { entries } = await sso.owner.api.activity.list.query({ limit: 20 });
  return entries.map(({ kind, refusal }) => (refusal === null ? kind : `${kind} (${refusal})`));
}

/** A person with a password who is a regular member there and in their own organization. */
async function member(sso: TestSso, name: string): Promise<{ id: string; email: string; password: string }> {
  const { ownerEmail: email, ownerPassword: password } = await home.organization(name);
  const id = await home.provision(sso, email);
  const browser = await openBrowser(home.url).signIn({ ownerEmail: email, ownerPassword: password });
  await browser.api.session.accept.mutate({ organizationId: sso.id });
  return { id, email, password };
}

describe("an owner sets single sign-on up", () => {
  test("AR-01 by the address of the metadata, and sees what to enter in the identity provider", async () => {
    const sso = await newSsoOrganization(home, idp, "ByUrl");
    const entityId = `${localAppUrl}/sso/${sso.id}`;
    expect(await sso.owner.api.sso.get.query()).toMatchObject({
      entityId,
      acsUrl: `${entityId}/acs`,
      connection: {
        entityId: idp.entityId,
        metadataUrl: idp.metadataUrl,
        certificates: [{ fingerprint: expect.stringMatching(/^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/), isPast: false }],
        isRequired: false,
        testedAt: null,
      },
      exemptions: [],
    });
    expect((await sso.owner.api.provisioning.get.query()).hasSso).toBe(true);
    expect(await kindsOf(sso)).toContain("sso.configured");
  });

  test("by its XML, and removes it with all that hangs on it", async () => {
    const sso = await newSsoOrganization(home, idp, "ByXml");
    const { api } = sso.owner;
    await api.sso.configure.mutate({ metadataXml: idp.metadataXml });
    const { id } = await member(sso, "ByXmlMember");
    await api.sso.addExemption.mutate({ memberId: id });
    await api.sso.setRequired.mutate({ isRequired: true });
    expect((await api.sso.get.query()).connection).toMatchObject({ metadataUrl: null, isRequired: true });
    await api.sso.remove.mutate({ confirm: "remove" });
    expect(await api.sso.get.query()).toMatchObject({ connection: null, exemptions: [] });
    await expect(api.sso.remove.mutate({ confirm: "remove" })).rejects.toEqual(refused("ssoNotConfigured"));
    await expect(api.sso.setRequired.mutate({ isRequired: true })).rejects.toEqual(refused("ssoNotConfigured"));
    await expect(api.sso.startTest.mutate()).rejects.toEqual(refused("ssoNotConfigured"));
    expect(await kindsOf(sso)).toEqual(expect.arrayContaining(["sso.removed", "sso.removed (ssoNotConfigured)"]));
  });

  // People created by the directory cannot sign in without single sign-on, and the owner must know.
  test("and its removal is confirmed by the number of people who cannot sign in then", async () => {
    const sso = await newSsoOrganization(home, idp, "Stranding");
    const { api } = sso.owner;
    await member(sso, "StrandingMember");
    const pam = await home.provision(sso, "pam@stranding.example");
    await home.provision(sso, "jim@stranding.example");
    const counts = { people: 4, withPassword: 2, withoutPassword: 2 };
    expect(await api.sso.ways.query()).toEqual({ ...counts, hasSso: true, locked: 2 });
    await api.sso.setRequired.mutate({ isRequired: true });
    expect(await api.sso.ways.query()).toMatchObject({ withPassword: 1 });
    await api.sso.setRequired.mutate({ isRequired: false });

    await expect(api.sso.remove.mutate({ confirm: "remove" })).rejects.toEqual(
      refused("confirmationWrong", { expected: "lock out 2 people" }),
    );
    // Exempt from the locks, Pam can set a password by an emailed link.
    await api.locks.setExemption.mutate({ memberId: pam, isExempt: true });
    await expect(api.sso.remove.mutate({ confirm: "lock out 2 people" })).rejects.toEqual(
      refused("confirmationWrong", { expected: "lock out 1 person" }),
    );
    await api.sso.remove.mutate({ confirm: "lock out 1 person" });
    expect(await api.sso.ways.query()).toEqual({ ...counts, hasSso: false, locked: 1 });
    await home.release(sso);
    expect(await api.sso.ways.query()).toMatchObject({ withoutPassword: 2, locked: 0 });
  });

  // The count must not be reduced by row level security: the owner confirms the number on the page.
  test("and people locked by another organization count at its removal too", async () => {
    const sso = await newSsoOrganization(home, idp, "Lending");
    const lender = await home.organization("Lender");
    await home.provision(sso, lender.ownerEmail);
    const browser = await openBrowser(home.url).signIn(lender);
    await browser.api.session.accept.mutate({ organizationId: sso.id });
    await home.release(sso);
    await home.provision(lender, "pam@lender.example");
    const account = home.database.sql.db.updateTable("account").where("email", "=", lender.ownerEmail);
    await account.set({ passwordHash: null }).execute();
    expect(await sso.owner.api.sso.ways.query()).toMatchObject({ withoutPassword: 1, locked: 1 });
    await expect(sso.owner.api.sso.remove.mutate({ confirm: "remove" })).rejects.toEqual(
      refused("confirmationWrong", { expected: "lock out 1 person" }),
    );
    await sso.owner.api.sso.remove.mutate({ confirm: "lock out 1 person" });
  });

  test("AR-02 a member without the owner role can neither read nor change it", async () => {
    const sso = await newSsoOrganization(home, idp, "Closed");
    const { email, password } = await member(sso, "ClosedMember");
    const browser = await openBrowser(home.url).signIn({ ownerEmail: email, ownerPassword: password });
    await browser.api.session.switchTo.mutate({ organizationId: sso.id });
    const forbidden = expect.objectContaining({ data: expect.objectContaining({ code: "FORBIDDEN" }) });
    await expect(browser.api.sso.get.query()).rejects.toEqual(forbidden);
    await expect(browser.api.sso.configure.mutate({ metadataXml: idp.metadataXml })).rejects.toEqual(forbidden);
  });

  // The address of the metadata may be the owner's own, and answer when they are no longer an owner.
  test("an owner who loses the role while the metadata is fetched changes nothing", async () => {
    const sso = await newSsoOrganization(home, idp, "Slow");
    const { id: memberId, email, password } = await member(sso, "SlowMember");
    const roleId = (await sso.owner.api.roles.list.query()).find(({ name }) => name === "Account Owners")?.id ?? "";
    await sso.owner.api.members.grantRole.mutate({ memberId, roleId });
    const second = await openBrowser(home.url).signIn({ ownerEmail: email, ownerPassword: password });
    await second.api.session.switchTo.mutate({ organizationId: sso.id });
    const provider = { entityId: "urn:rogue", signInUrl: "https://rogue.example", certificates: [idp.key.certificate] };
    const slow = createServer((_req, res) => {
      void sso.owner.api.members.revokeRole.mutate({ memberId, roleId }).then(() => res.end(testMetadata(provider)));
    }).listen(0, "127.0.0.1");
    await once(slow, "listening");
    const address = slow.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const configured = second.api.sso.configure.mutate({ metadataUrl: `http://127.0.0.1:${port}/metadata` });
    await expect(configured).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
    slow.close();
    expect((await sso.owner.api.sso.get.query()).connection?.entityId).toBe(idp.entityId);
  });
});

describe("provisioning and single sign-on", () => {
  test("AR-73 provisioning needs single sign-on, or the owner's word that is kept", async () => {
    const sso = await newSsoOrganization(home, idp, "First");
    const { api } = sso.owner;
    await api.sso.remove.mutate({ confirm: "remove" });
    const enable = (acknowledgeNoSso: boolean): Promise<unknown> =>
      api.provisioning.enable.mutate({ acknowledgeNoSso });
    await expect(enable(false)).rejects.toEqual(refused("ssoUnacknowledged"));
    await enable(true);
    expect(await api.provisioning.get.query()).toMatchObject({ hasSso: false, ssoAcknowledgedBy: "Owner First" });
    await api.provisioning.disable.mutate({ confirm: "First" });
    await api.sso.configure.mutate({ metadataXml: idp.metadataXml });
    await enable(false);
    expect(await api.provisioning.get.query()).toMatchObject({
      isEnabled: true,
      hasSso: true,
      ssoAcknowledgedAt: null,
      ssoAcknowledgedBy: null,
    });
  });
});

describe("single sign-on is required", () => {
  test("AR-74 of members, not of owners; passwords are refused only after the right one", async () => {
    const sso = await newSsoOrganization(home, idp, "Required");
    const email = "only@required.example";
    await home.provision(sso, email);
    const own = await member(sso, "RequiredMember");
    const browser = await openBrowser(home.url).signIn({ ownerEmail: own.email, ownerPassword: own.password });
    await browser.api.session.switchTo.mutate({ organizationId: sso.id });
    await sso.owner.api.sso.setRequired.mutate({ isRequired: true });
    // A session by password ends with the next request; the owner's does not.
    expect(await browser.api.session.current.query()).toBeNull();
    expect(await sso.owner.api.session.current.query()).toMatchObject({ organization: { id: sso.id } });
    const owner = await openBrowser(home.url).signIn(sso);
    expect(await owner.api.session.current.query()).toMatchObject({ isOwner: true });
    // The member's other organization still accepts the password, and gives no access here.
    const other = await openBrowser(home.url).signIn({ ownerEmail: own.email, ownerPassword: own.password });
    expect(await other.api.session.current.query()).toMatchObject({ organization: { name: "RequiredMember" } });
    const ssoRequired = refused("ssoRequired", { organization: "Required", organizationId: sso.id });
    await expect(other.api.session.switchTo.mutate({ organizationId: sso.id })).rejects.toEqual(ssoRequired);
  });

  test("AR-74 a person without a password elsewhere gets that error, but only for the right password", async () => {
    const sso = await newSsoOrganization(home, idp, "Nowhere");
    const own = await member(sso, "NowhereMember");
    const text = `update member set active = false where account_id = (select id from account where email = $1)
      and organization_id <> $2`;
    await home.rows(text, [own.email, sso.id]);
    await sso.owner.api.sso.setRequired.mutate({ isRequired: true });
    const signIn = (password: string): Promise<unknown> =>
      openBrowser(home.url).api.session.signIn.mutate({ email: own.email, password });
    await expect(signIn(own.password)).rejects.toEqual(refused("ssoRequired", { organizationId: sso.id }));
    await expect(signIn("wrong")).rejects.toEqual(refused("signInWrong"));
    const { id: requestId } = await idp.read(await sso.start());
    const response = idp.respond({ ...statementFor(sso), requestId, nameId: own.email });
    const { browser } = await sso.deliver(response);
    expect(await browser.api.session.current.query()).toMatchObject({ organization: { id: sso.id } });
  });

  test("AR-74 an allow-listed member keeps the password until taken from the list; owners cannot be listed", async () => {
    const sso = await newSsoOrganization(home, idp, "Listed");
    const { api } = sso.owner;
    const own = await member(sso, "ListedMember");
    await api.sso.setRequired.mutate({ isRequired: true });
    await api.sso.addExemption.mutate({ memberId: own.id });
    await api.sso.addExemption.mutate({ memberId: own.id });
    expect((await api.sso.get.query()).exemptions).toMatchObject([{ memberId: own.id, createdBy: "Owner Listed" }]);
    const browser = await openBrowser(home.url).signIn({ ownerEmail: own.email, ownerPassword: own.password });
    await browser.api.session.switchTo.mutate({ organizationId: sso.id });
    expect(await browser.api.session.current.query()).toMatchObject({ organization: { id: sso.id } });
    await api.sso.removeExemption.mutate({ memberId: own.id });
    expect(await browser.api.session.current.query()).toBeNull();
    const ownerId = (await api.session.current.query())?.memberId ?? "";
    await expect(api.sso.addExemption.mutate({ memberId: ownerId })).rejects.toEqual(
      refused("ssoExemptionNeedless", { name: "Owner Listed" }),
    );
    expect(await kindsOf(sso)).toEqual(
      expect.arrayContaining([
        "sso.requirement_changed",
        "sso.exempted",
        "sso.exemption_ended",
        "sso.exempted (ssoExemptionNeedless)",
      ]),
    );
  });
});

function statementFor(sso: TestSso): { acsUrl: string; audience: string; nameId: string; now: Date } {
  const { acsUrl, entityId: audience } = sso.provider;
  return { acsUrl, audience, nameId: sso.ownerEmail, now: home.clock.now };
}

/** The mark of the owner's browser. */
function markOf(sso: TestSso): string | null {
  return sso.owner.cookie(markName) ?? null;
}

describe("a test of the connection", () => {
  async function started(sso: TestSso): Promise<{ id: string; url: string }> {
    const { id, url } = await sso.owner.api.sso.startTest.mutate();
    expect((await idp.read(url)).id).toBe(id);
    expect(await sso.owner.api.sso.testReport.query({ id })).toEqual({ isExpired: false, report: null });
    return { id, url };
  }

  test("reports success, signs nobody in, and is accepted once", async () => {
    const sso = await newSsoOrganization(home, idp, "Tested");
    const { id } = await started(sso);
    const response = idp.respond({ ...statementFor(sso), requestId: id });
    const { location, browser } = await sso.deliver(response, { mark: markOf(sso) });
    expect(location).toBe(`/settings/sso?test=${id}`);
    expect(browser.cookie()).toBeUndefined();
    expect(await sso.owner.api.sso.testReport.query({ id })).toMatchObject({
      report: { isOk: true, nameId: sso.ownerEmail },
    });
    expect((await sso.owner.api.sso.get.query()).connection?.testedAt).toBe(home.clock.now.toISOString());
    expect((await sso.deliver(response, { mark: markOf(sso) })).location).toBe("/sign-in?sso=request");
    expect(await kindsOf(sso)).toContain("sso.tested");
    // A new connection must be tested again.
    await sso.owner.api.sso.configure.mutate({ metadataXml: idp.metadataXml });
    expect((await sso.owner.api.sso.get.query()).connection?.testedAt).toBeNull();
  });

  test("reports what is wrong, and believes nothing that is not signed", async () => {
    const sso = await newSsoOrganization(home, idp, "Untrue");
    const outcomes = async (id: string): Promise<unknown> => {
      const found = await sso.owner.api.sso.testReport.query({ id });
      return found?.report?.lines.filter(({ outcome }) => outcome === "failed").map(({ check }) => check);
    };
    const first = await started(sso);
    const rogue = { ...statementFor(sso), requestId: first.id };
    await sso.deliver(idp.respond(rogue, { key: newTestKey("Rogue") }), { mark: markOf(sso) });
    expect(await outcomes(first.id)).toEqual(["signature"]);
    const second = await started(sso);
    const wrong = { ...statementFor(sso), requestId: second.id, audience: "urn:other", nameId: "x@nowhere.example" };
    // Only in the browser that began the test.
    await sso.deliver(idp.respond(wrong), { mark: null });
    expect(await outcomes(second.id)).toBeUndefined();
    await sso.deliver(idp.respond(wrong), { mark: markOf(sso) });
    expect(await outcomes(second.id)).toEqual(["audience", "member"]);
    expect((await sso.owner.api.sso.get.query()).connection?.testedAt).toBeNull();
    expect(await kindsOf(sso)).toContain("sso.tested (ssoResponseRefused)");
  });

  test("belongs to its organization, and is over after ten minutes", async () => {
    const sso = await newSsoOrganization(home, idp, "Mine");
    const other = await newSsoOrganization(home, idp, "Theirs");
    const { id } = await started(sso);
    expect(await other.owner.api.sso.testReport.query({ id })).toBeNull();
    home.clock.now = new Date(home.clock.now.getTime() + 10 * 60_000);
    expect(await sso.owner.api.sso.testReport.query({ id })).toEqual({ isExpired: true, report: null });
  });
});

describe("the way in", () => {
  test("is found by a verified domain or the organization's id; every other query gets one response", async () => {
    const sso = await newSsoOrganization(home, idp, "Found");
    await verifyDomain(home.database, await home.operatorOf(sso.id), "found.example");
    await home.organization("Plain");
    const { api } = openBrowser(home.url);
    const startPath = `/sso/${sso.id}/start`;
    for (const organization of ["anybody@Found.example", "found.example", sso.id]) {
      expect(await api.sso.find.mutate({ organization })).toEqual({ startPath });
    }
    for (const organization of ["owner@plain.example", "nobody@nowhere.example", "Found", "@", "1"]) {
      await expect(api.sso.find.mutate({ organization })).rejects.toMatchObject({
        message: "No single sign-on was found for this. Ask an owner of your organization for its sign-in address.",
      });
    }
  });
});

// Wrong metadata must not lock every owner out of the organization.
test("the provider is not replaced or removed while no owner has a password", async () => {
  const org = await newSsoOrganization(home, idp, "Passwordless");
  await home.rows("update account set password_hash = null where email = $1", [org.ownerEmail]);
  const other = await startTestIdp();
  try {
    const replaced = await org.owner.call("mutation", "sso.configure", { metadataUrl: other.metadataUrl });
    expect(refusalOf(replaced)).toBe("ownersWithoutPassword");
    const { locked } = await org.owner.api.sso.ways.query();
    const removed = await org.owner.call("mutation", "sso.remove", { confirm: ssoRemovalPhrase(locked) });
    expect(refusalOf(removed)).toBe("ownersWithoutPassword");
    expect((await org.owner.call("mutation", "sso.configure", { metadataUrl: idp.metadataUrl })).status).toBe(200);
  } finally {
    await other.close();
  }
});
