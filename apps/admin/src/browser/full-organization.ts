import type { TestIdp } from "@rollcall/api/test-idp";
import type { Page } from "playwright-core";
import { vi } from "vitest";
import { z } from "zod";
import { mutate, newestLink, query, signedIn } from "./actions.ts";
import { type Directory, groupOf, patchOf, requiredText } from "./directory.ts";
import type { Acme, Person } from "./fixture.ts";

const firstNames = ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Frances", "Ken", "Chimamanda", "Søren", "Anne-Marie"];
const lastNames = ["Lovelace", "Hopper", "Turing", "Okonkwo-Adichie", "Kierkegaard"];
/** Long names and names in other scripts; the address of each is made of its index. */
const rareNames = [
  ["小明", "王"],
  ["Ольга", "Петровна-Белозерская"],
  ["محمد", "الفارابي"],
  ["Nguyễn Thị", "Ngọc Ánh"],
  ["さくら", "田中"],
  ["Hubert Blaine", "Wolfeschlegelsteinhausenbergerdorff"],
  ["Μαρία", "Παπαδοπούλου"],
  ["José María", "de la Santísima Trinidad y Fernández-Villaverde"],
] as const;
const groups = ["Engineering", "Vertrieb und Geschäftsentwicklung Südosteuropa", "営業部", "On-call"] as const;
const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
/** For the provider's whole sequence. */
const selfCheckMs = 30_000;

const byOwner = z.object({ entries: z.array(z.object({ id: z.string() })) });

/** Ids by their placeholder in the addresses of screens; a member without a role; the owner's page, still empty. */
export type FullOrganization = {
  readonly idsByWord: ReadonlyMap<string, string>;
  readonly member: Person;
  readonly page: Page;
};

/** Fills Acme with the data of some weeks; `idp` is the identity provider of its single sign-on. */
export async function fillOrganization(acme: Acme, idp: TestIdp): Promise<FullOrganization> {
  await acme.verifyDomain("acme.example");
  await acme.enableProvisioning();
  const okta = await acme.directory("Okta production");
  await acme.directory("Okta, the one before");
  const people = await addPeople(okta);
  const groupIds = await addGroups(okta, people);
  await misbehave(okta, people);
  // Nina has a password from her own organization, and is a plain member of Acme.
  const member = (await acme.organization("Nina Works", "nina.member@acme.example")).owner;
  await okta.addPerson("Nina", "Member", "acme.example");
  const page = await signedIn(acme, acme.owner);
  const lonely = requiredText(await mutate(page, "roles.create", { name: "Auditors", permissions: [] }), "id");
  const helpers = requiredText(await mutate(page, "roles.create", { name: "First aiders", permissions: [] }), "id");
  await mutate(page, "sso.configure", { metadataUrl: idp.metadataUrl });
  await mutate(page, "sso.addExemption", { memberId: people[1] });
  await mutate(page, "domains.add", { domain: "acme-labs.example" });
  await mutate(page, "setup.choose", { provider: "okta" });
  await mutate(page, "roles.setMappings", { mappings: [{ groupId: groupIds[3], targetId: helpers }], basis: [] });
  await mutate(page, "locks.setExemption", { memberId: people[2], isExempt: true });
  await mutate(page, "invitations.send", { email: "zoe.guest@partner.example", roleIds: [helpers] });
  await mutate(page, "selfCheck.start", { provider: "okta" });
  // As on any visit but the first, the console knows that the navigation is shown.
  await page.goto("/account");
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  const [refused] = await untilThere(acme, "select id from scim_request where organization_id = $1 and status = 400");
  await untilThere(acme, "select 1 from self_check where organization_id = $1 and ended_at is not null");
  const { entries } = byOwner.parse(await query(page, "activity.list", { limit: 1, who: "person" }));
  const invitation = new URL(await newestLink(acme, "zoe.guest@partner.example"), acme.appUrl).searchParams;
  const idsByWord = new Map([
    ["ada", people[0] ?? ""],
    ["engineering", groupIds[0] ?? ""],
    ["lonely", lonely],
    ["entry", entries[0]?.id ?? ""],
    ["refused", requiredText(refused, "id")],
    ["invitation", invitation.get("token") ?? ""],
  ]);
  return { idsByWord, member, page };
}

/** The rows of a query for the organization, once there are any. */
const untilThere = (acme: Acme, text: string) =>
  vi.waitFor(
    async () => {
      const rows = await acme.sql(text, [acme.organizationId]);
      if (rows.length === 0) throw new Error(`There is no row: ${text}`);
      return rows;
    },
    { timeout: selfCheckMs },
  );

async function addPeople(okta: Directory): Promise<string[]> {
  const ids: string[] = [];
  for (const last of lastNames)
    for (const first of firstNames) ids.push(await okta.addPerson(first, last, "acme.example"));
  for (const [place, [givenName, familyName]] of rareNames.entries()) {
    const name = { givenName, familyName };
    const userName = `person.of.another.script.or.a.very.long.name.${place + 1}@acme.example`;
    const { id } = await okta.request("POST", "/Users", { schemas: [userSchema], userName, name, active: true });
    ids.push(id);
  }
  return ids;
}

/** The first group holds most people, each further one fewer. */
async function addGroups(okta: Directory, people: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [place, displayName] of groups.entries()) {
    const members = people.slice(0, 30 - place * 9);
    ids.push((await okta.request("POST", "/Groups", groupOf(displayName, ...members))).id);
  }
  return ids;
}

/** Changes, refusals and known deviations. */
async function misbehave(okta: Directory, people: readonly string[]): Promise<void> {
  const patch = (id: string | undefined, ...operations: readonly object[]) =>
    okta.request("PATCH", `/Users/${id}`, patchOf(...operations));
  await patch(people[3], { op: "replace", value: { active: false } });
  await patch(people[5], { op: "Replace", path: "displayName", value: "Frances L." });
  await patch(people[6], { op: "Replace", path: "active", value: "False" }, { op: "Add", path: "title", value: "Dr." });
  await okta.request("DELETE", "/Users/00000000-0000-7000-8000-000000000000");
  await patch(people[4], { op: "replace", path: "userName", value: "edsger@rival.example" });
  await okta.request("POST", "/Users", { schemas: [userSchema], userName: "grace.hopper@acme.example", active: true });
  await okta.request("GET", "/Users?filter=userName%20sounds%20%22like%22");
}
