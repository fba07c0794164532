import { afterEach, expect, test } from "vitest";
import { idOf } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, runSql, patch } = await useScim();
afterEach(() => runSql("drop trigger if exists broken on change"));

/** The database fails at the last step of every write: the entry of the change log. */
async function breakLog(): Promise<void> {
  await runSql(`create or replace function fail_log() returns trigger language plpgsql as $$
    begin raise exception 'The disk is full.'; end $$`);
  await runSql("create trigger broken before insert on change for each row execute function fail_log()");
}

/** A member with a role and a session: everything that a deactivation must end. */
async function person(userName: string): Promise<{ readonly path: string; readonly standing: () => Promise<unknown> }> {
  const id = idOf(await acme.post("/Users", { userName, active: true }));
  await scim.accept(id);
  await runSql(
    `insert into session (organization_id, id, account_id, secret_hash, created_at, last_used_at, expires_at)
      select organization_id, gen_random_uuid(), account_id, '\\x00', now(), now(), now() + interval '1 day' from member where id = $1`,
    [id],
  );
  const text = `select m.active, m.is_deleted as "isDeleted",
      (select count(*)::int from role_grant g where g.member_id = m.id) as grants,
      (select count(*)::int from session s where s.account_id = m.account_id and s.ended_at is null) as sessions,
      (select count(*)::int from change c where c.subject_id = m.id) as changes
    from member m where m.id = $1`;
  return { path: `/Users/${id}`, standing: async () => (await runSql(text, [id]))[0] };
}

// A failing deactivation fails as a whole with a 5xx, which providers retry, and the retry completes it.
test.each([
  ["PATCH", (path: string) => patch(path, { op: "replace", value: { active: false } }), 200],
  ["PUT", (path: string) => acme.put(path, { userName: "put@half.example", active: false }), 200],
  ["DELETE", (path: string) => acme.delete(path), 204],
] as const)(
  "AR-49 AR-50 a %s that fails half way changes nothing, and the retry ends it all",
  async (verb, send, done) => {
    const { path, standing } = await person(`${verb.toLowerCase()}@half.example`);
    const before = await standing();
    expect(before).toMatchObject({ active: true, grants: 1, sessions: 1 });
    await breakLog();
    const failed = await send(path);
    expect(failed.status).toBe(500);
    expect(failed.body).toMatchObject({ status: "500" });
    expect(JSON.stringify(failed.body)).not.toContain("disk");
    await runSql("drop trigger broken on change");
    expect(await standing()).toEqual(before);

    expect((await send(path)).status).toBe(done);
    expect(await standing()).toMatchObject({ active: false, grants: 0, sessions: 0, isDeleted: verb === "DELETE" });
  },
);
