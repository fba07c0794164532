import { addMember, verifyDomain, writeMember } from "@rollcall/db";
import { expect, test } from "vitest";
import { lastLink, refusalOf } from "../testing/observations.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { credentialIn } from "../testing/test-console.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();
const { organization: acme, api } = await home.ownerOf("Acme");
await home.provision(acme, "first@acme.example");
await verifyDomain(home.database, await home.operatorOf(acme.id), "acme.example");
const credential = credentialIn((await api.tokens.issue.mutate({ name: "Okta" })).token);

const call = () => ({ now: home.clock.now, requestId: "scim" });
const pam = { userName: "pam@acme.example", givenName: "Pam", familyName: null, displayName: null, active: true };
const signIn = (password: string) =>
  openBrowser(home.url).call("mutation", "session.signIn", { email: pam.userName, password });

async function post(externalId: string): Promise<string> {
  const { added } = await addMember(home.database, credential, { ...pam, externalId }, call());
  if (added?.ok !== true) throw new Error("The person was not added.");
  return added.value.id;
}

/** Exempts the person from the locks, as the directory manages them, and sets the password by an emailed link. */
async function choose(memberId: string, password: string): Promise<void> {
  const text = "insert into exemption values ($1, $2, 'locks', 'Ada', now()) on conflict do nothing";
  await home.rows(text, [acme.id, memberId]);
  const browser = openBrowser(home.url);
  await browser.api.forgottenPassword.request.mutate({ email: pam.userName });
  await browser.api.forgottenPassword.complete.mutate({ token: await lastLink(home.database, pam.userName), password });
}

/** A request that removes the access or assigns the address to the next person. */
async function write(id: string, input: { active: boolean; externalId: string } | "delete"): Promise<void> {
  const value = input === "delete" ? { kind: input } : { kind: "change" as const, input: { ...pam, ...input } };
  const intend = () => ({ ok: true as const, value });
  const outcome = await writeMember<never>(home.database, { ...call(), credential, id, intend });
  if (outcome.kind !== "saved") throw new Error(`The person was not changed: ${outcome.kind}`);
}

// Rule 5a, over HTTP: the previous owner of an address must not sign in as the new one.
test("rule 5a the password of the previous owner of an address never signs in, however the directory reassigns it", async () => {
  const former = await post("p-1");
  await choose(former, "the first one of them");
  expect((await signIn("the first one of them")).status).toBe(200);
  await openBrowser(home.url).api.forgottenPassword.request.mutate({ email: pam.userName });
  const oldLink = await lastLink(home.database, pam.userName);
  await write(former, "delete");
  const next = await post("p-2");
  expect(refusalOf(await signIn("the first one of them"))).toBe("signInWrong");
  const late = { token: oldLink, password: "the first one again" };
  expect(refusalOf(await openBrowser(home.url).call("mutation", "forgottenPassword.complete", late))).toBe("linkEnded");
  await choose(next, "the second one of them");
  expect((await signIn("the second one of them")).status).toBe(200);
  await write(next, { active: false, externalId: "p-2" });
  await write(next, { active: true, externalId: "p-3" });
  expect(refusalOf(await signIn("the second one of them"))).toBe("signInWrong");
  await choose(next, "the third one of them");
  expect((await signIn("the third one of them")).status).toBe(200);
});
