import { err, type Result } from "@rollcall/scim-protocol";
import { expect, test } from "vitest";
import type { MemberRow } from "../member/member-columns.ts";
import type { SentStatement } from "../store/connection.ts";
import { changeRole } from "./role-write.ts";
import { mappingScene } from "../testing/mapping-scene.ts";
import { openScimDatabase, person } from "../testing/scim-database.ts";

const home = await openScimDatabase();
const acme = await home.newTenant("Acme", { domain: "acme.example" });

// The ETag of a User is its lastModified; the clock of these tests stands still.
test("changes at the same time have increasing times", async () => {
  const first = await acme.add(person("still@acme.example"));
  const times = [first.updatedAt.getTime()];
  const note = (outcome: { readonly kind: string; readonly member?: MemberRow | null }): void => {
    expect(outcome).toMatchObject({ kind: "saved", member: { id: first.id } });
    times.push(outcome.member?.updatedAt.getTime() ?? 0);
  };
  for (const displayName of ["A", "B", "A"]) note(await acme.write(first.id, () => ({ displayName })));
  note(await acme.write(first.id, () => ({ userName: "moved@acme.example" })));
  note(await acme.write(first.id, () => ({ active: false })));
  note(await acme.write(first.id, "delete"));
  const revived = await acme.post(person("moved@acme.example"));
  expect(revived.added).toMatchObject({ ok: true, value: { id: first.id } });
  if (revived.added?.ok === true) times.push(revived.added.value.updatedAt.getTime());
  expect(times).toEqual(times.map((_, index) => first.updatedAt.getTime() + index));
});

/** The statements by their name or text. */
const namesOf = (seen: readonly SentStatement[]): readonly (string | undefined)[] =>
  seen.map(({ name, sql }) => name ?? (sql.includes("bit_xor") ? "the tag of the members" : sql));

// Okta's and Entra's group pushes never send a precondition and must stay fast.
test("a group's version is read only for a precondition", async () => {
  const { id } = await acme.add(person("pushed@acme.example"));
  const asks = acme.request;
  const groupId = await acme.addGroup("Pushed");
  const push = { members: [{ kind: "add" as const, memberIds: [id] }] };
  const pushed = home.watch();
  expect(await changeRole(home.database, asks, groupId, push)).toMatchObject({ kind: "saved" });
  expect(namesOf(pushed)).toEqual(["scim_role_open", "role_members_lock", "role_grants_save"]);
  const judge = (): Result<never, string> => err("another version");
  const asked = home.watch();
  const judged = await changeRole(home.database, { ...asks, judge }, groupId, push);
  expect(judged).toMatchObject({ kind: "invalid", error: "another version" });
  expect(namesOf(asked)).toEqual(["scim_role_open", "the tag of the members"]);
});

// Pushes without mappings must stay fast, and a mapping costs one query if nothing changes.
test("a push reads mappings only for a mapped group", async () => {
  const scene = await mappingScene(home.database, "Mapped");
  const pam = await scene.person("pam");
  const [staff, other] = [await scene.group("Staff", [pam]), await scene.group("Other", [])];
  await scene.map([staff, scene.junior]);
  const asks = scene.tenant.request;
  const push = { members: [{ kind: "add" as const, memberIds: [pam] }] };
  const always = ["scim_role_open", "role_members_lock", "role_grants_save"];
  const unmapped = home.watch();
  await changeRole(home.database, asks, other, push);
  expect(namesOf(unmapped)).toEqual(always);
  const mapped = home.watch();
  await changeRole(home.database, asks, staff, push);
  expect(namesOf(mapped)).toEqual([...always, expect.stringContaining("group_mapping")]);
});

// Every test of this package relies on `versionsGuarded`.
test("a statement that changes a member or role without its version fails in tests", async () => {
  const { id } = await acme.add(person("still@acme.example"));
  const still = home.rows("update member set display_name = 'X' where id = $1", [id]);
  await expect(still).rejects.toThrow("its version must move");
  await expect(home.rows("update role set name = name || 'X'", [])).rejects.toThrow("its version must move");
});
