import { randomBytes } from "node:crypto";
import {
  acceptInvitation,
  chooseSetupProvider,
  createOrganization,
  enableProvisioning,
  endSession,
  finishSetup,
  hasOrganizations,
  issueToken,
  loadSession,
  sendInvitation,
  setGuard,
  verifyDomain,
  type Database,
  type WriteContext,
} from "@rollcall/db";
import { createOktaSimulator, type OktaPerson } from "@rollcall/idp-simulator";
import { contextFor, required } from "./operator.ts";

const domain = "acme.example";
const people = [
  ["Ada", "Lovelace"],
  ["Grace", "Hopper"],
  ["Alan", "Turing"],
  ["Barbara", "Liskov"],
  ["Edsger", "Dijkstra"],
  ["Frances", "Allen"],
  ["Ken", "Thompson"],
  ["Chimamanda", "Adichie"],
] as const;
const groups = [
  { name: "Engineering", members: [0, 1, 2, 3, 6] },
  { name: "On call", members: [1, 4] },
] as const;

const member = { name: "Grace Hopper", email: `grace.hopper@${domain}` } as const;
const passwordBytes = 12;

/**
 * Creates the demo organization on an empty database: an owner, an invited member, a verified domain, provisioning and
 * a token; then a simulated Okta pushes people and groups through the running service, so that every screen has real
 * data. Returns the lines to print: the people, and what to try first; none if there is an organization already.
 */
export async function seedDemo(
  database: Database,
  urls: { readonly appUrl: string; readonly scimUrl: string },
): Promise<readonly string[]> {
  if (await hasOrganizations(database)) return [];
  const actor = { kind: "system", id: null, name: "Rollcall" } as const;
  const input = { name: "Acme", ownerEmail: `olive.owner@${domain}`, ownerName: "Olive Owner", actor, now: new Date() };
  const { organizationId, ownerEmail, ownerPassword } = await createOrganization(database, input);
  const context = { ...(await contextFor(database, organizationId)), actor };
  await chooseSetupProvider(database, context, "okta");
  required(await verifyDomain(database, context, domain));
  const memberPassword = await inviteMember(database, context, urls.appUrl);
  required(await enableProvisioning(database, context, { acknowledgeSso: true, isGuardOn: false }));
  const { token } = required(await issueToken(database, context, { name: "Okta demo" }));
  await pushPeople(urls.scimUrl, token);
  required(await finishSetup(database, { ...context, now: new Date() }));
  // The guard counts from now on, so that the person deactivated by the demo does not count.
  await setGuard(database, { ...context, now: new Date() }, true);
  const simulate = `npx -y pnpm@12 --silent rollcall simulate okta --base ${urls.scimUrl} --token ${token} --domain ${domain}`;
  return [
    "",
    "The demo organization Acme was made. Its directory is a simulated Okta. This is shown once:",
    `  Owner      Olive Owner, ${ownerEmail}, password ${ownerPassword ?? "(as before)"}`,
    `  Member     ${member.name}, ${member.email}, password ${memberPassword}; the directory manages her account`,
    `  Others     Okta added seven more people and the groups Engineering and On call, and deactivated Ken Thompson`,
    `  Try first  As Olive, open ${urls.appUrl}/health and ${urls.appUrl}/activity. As Grace, see the locks at ${urls.appUrl}/account`,
    `  Try next   ${simulate}`,
    "",
  ];
}

/** Grace was a member before the directory, which finds her by her address; so she has a password. */
async function inviteMember(database: Database, context: WriteContext, appUrl: string): Promise<string> {
  const password = randomBytes(passwordBytes).toString("base64url");
  let link = "";
  const linkTo = (token: string): string => `${appUrl}/invitation?token=${(link = token)}`;
  required(await sendInvitation(database, context, { email: member.email, roleIds: [], linkTo }));
  const given = { token: link, name: member.name, password };
  const browser = { userAgent: null, ip: null };
  const { now } = context;
  const { cookie } = required(await acceptInvitation(database, given, undefined, browser, { now, requestId: null }));
  // Accepting has signed her in, and no browser holds that session.
  const session = await loadSession(database.sql, cookie ?? "", now);
  if (session !== undefined) await endSession(database.sql, session, now);
  return password;
}

async function pushPeople(baseUrl: string, token: string): Promise<void> {
  const okta = createOktaSimulator({ baseUrl, token, mode: "header-auth" });
  const added: OktaPerson[] = [];
  for (const [givenName, familyName] of people) {
    const login = `${givenName}.${familyName}@${domain}`.toLowerCase();
    const person = okta.people.add({ login, givenName, familyName });
    await okta.people.assign(person);
    added.push(person);
  }
  for (const { name, members } of groups) {
    const inGroup = members.flatMap((index) => added[index] ?? []);
    await okta.groups.push(okta.groups.add(name, inGroup));
  }
  const [, , , , , , last] = added;
  if (last !== undefined) await okta.people.unassign(last);
}
