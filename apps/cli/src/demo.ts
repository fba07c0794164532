import {
  createOrganization,
  enableProvisioning,
  hasOrganizations,
  issueToken,
  setGuard,
  verifyDomain,
  type Database,
} from "@rollcall/db";
import { createOktaSimulator } from "@rollcall/idp-simulator";
import { contextFor, required } from "./operator.ts";

export type Demo = { readonly ownerEmail: string; readonly ownerPassword: string | null; readonly token: string };

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

/**
 * Makes the demo organization on an empty database: an owner, provisioning on, a verified domain and a token; then a
 * simulated Okta pushes people and groups through the running service, so that every screen has something true to show.
 * Undefined where there is an organization already.
 */
export async function seedDemo(database: Database, scimUrl: string): Promise<Demo | undefined> {
  if (await hasOrganizations(database)) return undefined;
  const actor = { kind: "system", id: null, name: "demo" } as const;
  const wish = { name: "Acme", ownerEmail: `olive.owner@${domain}`, ownerName: "Olive Owner", actor, now: new Date() };
  const { organizationId, ownerEmail, ownerPassword } = await createOrganization(database, wish);
  const context = { ...(await contextFor(database, organizationId)), actor };
  required(await verifyDomain(database, context, domain));
  required(await enableProvisioning(database, context, { acknowledgeSso: true, isGuardOn: false }));
  const { token } = required(await issueToken(database, context, { name: "Okta demo" }));
  await pushPeople(scimUrl, token);
  // The guard counts from now on, so that the person whom the demo has deactivated does not count.
  await setGuard(database, { ...context, now: new Date() }, true);
  return { ownerEmail, ownerPassword, token };
}

async function pushPeople(baseUrl: string, token: string): Promise<void> {
  const okta = createOktaSimulator({ baseUrl, token, mode: "header-auth" });
  const ids: string[] = [];
  for (const [givenName, familyName] of people) {
    const login = `${givenName}.${familyName}@${domain}`.toLowerCase();
    const id = okta.createPerson({ login, givenName, familyName });
    await okta.assign(id);
    ids.push(id);
  }
  for (const { name, members } of groups) {
    const group = okta.createGroup(
      name,
      members.flatMap((index) => ids[index] ?? []),
    );
    await okta.pushGroup(group);
  }
  const [, , , , , , last] = ids;
  if (last !== undefined) await okta.unassign(last);
}
