import { glob, readFile } from "node:fs/promises";
import { err, type Result } from "@rollcall/scim-protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MemberRow } from "../member/member-row.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/statement.ts";
import { addMember } from "./member-add.ts";
import { addRole, changeRole } from "./role-write.ts";
import { mappingScene } from "./testing/mapping-scene.ts";
import {
  added,
  call,
  newTenant,
  openScimDatabase,
  person,
  type ScimDatabase,
  type Tenant,
  write,
} from "./testing/scim-database.ts";

let home: ScimDatabase;
let acme: Tenant;
beforeAll(async () => {
  home = await openScimDatabase();
  acme = await newTenant(home.database, "Acme", { domain: "acme.example" });
});
afterAll(() => home.close());

// Guards the ETag of a User, which is its lastModified: in these tests the clock stands still.
test("changes at the same time have times of their own, each later than the one before", async () => {
  const first = await added(home.database, acme, person("still@acme.example"));
  const times = [first.updatedAt.getTime()];
  const note = (outcome: { readonly kind: string; readonly member?: MemberRow | null }): void => {
    expect(outcome).toMatchObject({ kind: "saved", member: { id: first.id } });
    times.push(outcome.member?.updatedAt.getTime() ?? 0);
  };
  for (const displayName of ["A", "B", "A"]) note(await write(home.database, acme, first.id, () => ({ displayName })));
  note(await write(home.database, acme, first.id, () => ({ userName: "moved@acme.example" })));
  note(await write(home.database, acme, first.id, () => ({ active: false })));
  note(await write(home.database, acme, first.id, "delete"));
  const revived = await addMember(home.database, acme.credential, person("moved@acme.example"), call);
  expect(revived.added).toMatchObject({ ok: true, value: { id: first.id } });
  if (revived.added?.ok === true) times.push(revived.added.value.updatedAt.getTime());
  expect(times).toEqual(times.map((_, index) => first.updatedAt.getTime() + index));
});

/** The database, and the names of the statements that its transactions run, in their order. */
function watched(database: Database): { readonly database: Database; readonly names: string[] } {
  const names: string[] = [];
  const watching = (tx: Queryable): Queryable => ({
    secrets: tx.secrets,
    query(statement, values) {
      names.push(statement.name);
      return tx.query(statement, values);
    },
  });
  const transaction: Database["transaction"] = (work, isKept) =>
    database.transaction((tx) => work(watching(tx)), isKept);
  return { database: { ...database, transaction }, names };
}

// Guards the speed of Okta's and Entra's group pushes, which never send a condition.
test("a group's version is read by nobody who has not made a condition on it", async () => {
  const { id } = await added(home.database, acme, person("pushed@acme.example"));
  const asks = { ...call, credential: acme.credential };
  const made = await addRole(home.database, asks, { name: "Pushed", externalId: null, memberIds: [] });
  if (made.kind !== "saved") throw new Error(made.kind);
  const push = { members: [{ kind: "add" as const, memberIds: [id] }] };
  const { database, names } = watched(home.database);
  expect(await changeRole(database, asks, made.roleId, push)).toMatchObject({ kind: "saved" });
  expect(names.splice(0)).toEqual(["scim_role_open", "role_members_lock", "role_grants_save"]);
  const judge = (): Result<never, string> => err("another version");
  const judged = await changeRole(database, { ...asks, judge }, made.roleId, push);
  expect(judged).toMatchObject({ kind: "invalid", error: "another version" });
  expect(names).toEqual(["scim_role_open", "role_members_tag"]);
});

// Guards the same pushes where nothing is mapped, and that a mapping costs one look where it changes nothing.
test("a push asks about mappings only in a group that is mapped", async () => {
  const scene = await mappingScene(home.database, "Mapped");
  const pam = await scene.person("pam");
  const [staff, other] = [await scene.group("Staff", [pam]), await scene.group("Other", [])];
  await scene.map([staff, scene.junior]);
  const asks = { ...call, credential: scene.tenant.credential };
  const push = { members: [{ kind: "add" as const, memberIds: [pam] }] };
  const { database, names } = watched(home.database);
  const always = ["scim_role_open", "role_members_lock", "role_grants_save"];
  await changeRole(database, asks, other, push);
  expect(names.splice(0)).toEqual(always);
  await changeRole(database, asks, staff, push);
  expect(names).toEqual([...always, "role_mapping_differences"]);
});

/** Statements that move nothing which a User or a Group shows: a guard of decisions, what waits for a person, and permissions. */
const hidden = [
  /^update member m set accepted_at = \$7 from held/,
  /^update member (?:m )?set invite_at = /,
  /^update member set account_id = \$3/,
  /^update member set version = version \+ 1\s+where/,
  /^update role set permissions = \$3 where/,
];

// Guards the ETags against the next statement: whoever writes to these tables moves the version, or says here why not.
test("every statement that changes a member or a role moves its version", async () => {
  const statements: string[] = [];
  const exclude = (name: string): boolean => name === "migrations" || name.endsWith(".test.ts");
  for await (const path of glob("**/*.ts", { cwd: root, exclude })) {
    const text = await readFile(`${root}/${path}`, "utf8");
    for (const [statement] of text.matchAll(/update (?:member|role) (?:m )?set [^`"]+/g)) statements.push(statement);
  }
  expect(statements.length).toBeGreaterThan(15);
  const isVersioned = (statement: string): boolean =>
    statement.startsWith("update member")
      ? /\$\{touched\(\d\)\}/.test(statement)
      : /version = version \+ 1/.test(statement);
  const silent = statements.filter((one) => !isVersioned(one) && !hidden.some((known) => known.test(one)));
  expect(silent).toEqual([]);
});

const root = new URL("..", import.meta.url).pathname;
