import { afterProvisioning, removalPhrase, type AfterProvisioning } from "@rollcall/domain";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { addRole, changeRole, deleteRole } from "../scim/role-write.ts";
import { openScimDatabase, person, type Tenant } from "../testing/scim-database.ts";
import { whileLocked, type WaitFor } from "../testing/locks.ts";
import { disableProvisioning } from "./provisioning-off.ts";

let tenant: Tenant;
let names = 0;
const home = await openScimDatabase();
beforeEach(async () => {
  tenant = await home.newTenant(`Off${++names}`);
});

const at = (name: string): string => `${name}@off${names}.example`;

type Prepared = { readonly ownerId: string; readonly deletedEmail: string; readonly roleId: string };

/** Every write that marks a person or role as managed. */
const writes: [string, (prepared: Prepared, id: string) => Promise<unknown>][] = [
  ["a POST of a person", () => tenant.post(person(at("new")))],
  ["a POST of somebody deleted", ({ deletedEmail }) => tenant.post(person(deletedEmail))],
  ["the first contact", ({ ownerId }) => tenant.write(ownerId, () => ({ familyName: "Linked" }))],
  ["a POST of a group", () => addRole(home.database, tenant.request, { name: "New", externalId: "g", memberIds: [] })],
  [
    "a new externalId of a group",
    ({ roleId }) => changeRole(home.database, tenant.request, roleId, { externalId: "g", members: [] }),
  ],
  [
    "a push of members",
    ({ roleId }, id) =>
      changeRole(home.database, tenant.request, roleId, { members: [{ kind: "add", memberIds: [id] }] }),
  ],
  ["a DELETE of a group", ({ roleId }) => deleteRole(home.database, tenant.request, roleId)],
];

// SCIM writes read the facts and save in two steps. Whatever happens between them, no person or role may be managed
// after provisioning is turned off, and a successful write must have had it on.
const cases = afterProvisioning.flatMap((choice) => writes.map(([what, act]) => ({ choice, what, act })));
test.each(cases)("$what during the end of provisioning ($choice) is refused", async ({ choice, act }) => {
  const { id } = await tenant.add(person(at("managed")));
  const prepared = await prepare();
  const before = await marked();
  const [switched, outcome] = await whileHeld(id, async (waitFor) => {
    const off = turnOff(choice);
    await waitFor(1, off);
    const acted = act(prepared, id);
    await waitFor(2, acted);
    return [off, acted] as const;
  });
  expect(await switched).toMatchObject({ ok: true });
  expect(await outcome).toMatchObject(
    "kind" in Object(await outcome)
      ? { kind: "callerRefused", refusal: { kind: "provisioningOff" } }
      : { caller: { ok: false, error: { kind: "provisioningOff" } } },
  );
  // With keepLocked, exactly the people managed before stay managed.
  expect(await marked()).toEqual(choice === "keepLocked" ? before : []);
});

/** The managed person of the test is the only one. */
const turnOff = (after: AfterProvisioning) =>
  disableProvisioning(home.database, tenant.context, { after, typed: removalPhrase(1) });

async function prepare(): Promise<Prepared> {
  const deletedEmail = at("deleted");
  await tenant.write((await tenant.add(person(deletedEmail))).id, "delete");
  const owners = await home.rows("select id from member where organization_id = $1 and not is_managed", [
    tenant.organizationId,
  ]);
  const [owner] = z.array(z.object({ id: z.string() })).parse(owners);
  return { ownerId: owner?.id ?? "", deletedEmail, roleId: await tenant.addGroup("Sales", []) };
}

/** Runs `work` while another transaction has locked the row of a member. */
function whileHeld<T>(memberId: string, work: (waitFor: WaitFor) => Promise<T>): Promise<T> {
  const text = "select 1 from member where organization_id = $1 and id = $2 for no key update";
  return whileLocked(home.database, { text, values: [tenant.organizationId, memberId] }, work);
}

/** Managed people and roles. */
async function marked(): Promise<readonly unknown[]> {
  const text = `select user_name as name from member where organization_id = $1 and not is_deleted
      and (is_managed or external_id is not null)
    union all select name from role where organization_id = $1 and deleted_at is null
      and (is_scim_created or is_linked or external_id is not null) order by name`;
  return home.rows(text, [tenant.organizationId]);
}

test("refused writes have created nothing", async () => {
  const { id } = await tenant.add(person(at("managed")));
  const [, outcome] = await whileHeld(id, async (waitFor) => {
    const off = disableProvisioning(home.database, tenant.context);
    await waitFor(1, off);
    const acted = tenant.post(person(at("nobody")));
    await waitFor(2, acted);
    return [off, acted] as const;
  });
  await outcome;
  const accounts = await home.rows("select id from account where email_key = $1", [at("nobody")]);
  expect(accounts).toEqual([]);
});
