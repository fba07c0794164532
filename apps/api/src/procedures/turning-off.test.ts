import { setImmediate as nextTurn } from "node:timers/promises";
import { peopleChunk } from "@rollcall/domain";
import { pino } from "pino";
import { expect, test } from "vitest";
import { refusalOf } from "../testing/observations.ts";
import { memberScene } from "../testing/member-scene.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";
import { startPeopleWorker } from "../workers/people-worker.ts";

const home = await useTestConsole();

const everybody = { page: 1, pageSize: 100 } as const;

// Rule 12 over HTTP: each choice requires its own typed confirmation.
test("removing people wants their number typed, and leaves everybody else", async () => {
  const { owner, organization } = await memberScene(home, "Removing");
  const foreseen = await owner.api.provisioning.turningOff.query();
  expect(foreseen).toMatchObject({
    people: [{ name: "pam" }],
    managedOwners: 0,
    plans: { release: { released: 1 }, keepLocked: { locked: 1 }, remove: { removed: 1, staying: [] } },
  });
  const byName = await owner.call("mutation", "provisioning.disable", { after: "remove", confirm: organization.name });
  expect(refusalOf(byName)).toBe("confirmationWrong");
  await owner.api.provisioning.disable.mutate({ after: "remove", confirm: "remove 1 person" });
  const { members } = await owner.api.members.list.query(everybody);
  expect(members.map(({ userName }) => userName)).toEqual([organization.ownerEmail]);
  expect(await owner.api.provisioning.get.query()).toMatchObject({ isEnabled: false, keepsLocks: false });
});

test("keeping people locked wants the organization's name, and is ended by a release", async () => {
  const { owner, organization } = await memberScene(home, "Keeping");
  const wrong = await owner.call("mutation", "provisioning.disable", { after: "keepLocked", confirm: "keep" });
  expect(wrong.status).toBe(400);
  await owner.api.provisioning.disable.mutate({ after: "keepLocked", confirm: organization.name.toLowerCase() });
  expect(await owner.api.provisioning.get.query()).toMatchObject({ keepsLocks: true, managedMembers: 1 });
  expect(await owner.api.provisioning.releasePeople.mutate()).toEqual({ count: 1 });
  expect(await owner.api.provisioning.get.query()).toMatchObject({ keepsLocks: false, managedMembers: 0 });
});

test("all tokens end by their number", async () => {
  const { owner } = await memberScene(home, "Ending");
  const active = (await owner.api.tokens.list.query()).filter(({ status }) => status === "ACTIVE").length;
  expect((await owner.call("mutation", "tokens.revokeAll", { confirm: "end" })).status).toBe(400);
  expect(await owner.api.tokens.revokeAll.mutate({ confirm: `revoke ${active} tokens` })).toEqual({ count: active });
  expect((await owner.api.tokens.list.query()).every(({ status }) => status === "REVOKED")).toBe(true);
});

/** Adds managed people who sign in with the owner's password; returns the address of the one with the last id. */
async function crowd(organizationId: string, ownerEmail: string, people: number): Promise<string> {
  const domain = ownerEmail.split("@")[1] ?? "";
  const accounts = `insert into account (id, email, email_key, name, password_hash, password_changed_at, created_at, updated_at)
    select gen_random_uuid(), e, e, 'Crowd', o.password_hash, now(), now(), now()
    from (select 'last@' || $1 as e union select 'crowd' || n || '@' || $1 from generate_series(2, $2::int) n) x,
      (select password_hash from account where email_key = $3) o`;
  const members = `insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key, active,
      is_managed, awaits_acceptance, version, created_at, updated_at)
    select $1, case when email like 'last@%' then 'ffffffff-ffff-7fff-bfff-ffffffffffff'::uuid else gen_random_uuid() end, id, email,
      email_key, name, 'crowd', true, true, false, 1, now(), now() from account where name = 'Crowd' and email like '%@' || $2`;
  await home.rows(accounts, [domain, people, ownerEmail]);
  await home.rows(members, [organizationId, domain]);
  return `last@${domain}`;
}

const startWorker = () =>
  startPeopleWorker({ database: home.database, log: pino({ level: "silent" }), now: () => home.clock.now });

// Rule 12 in a large organization: at once for everybody, though the work takes longer.
test("a large organization turns off at once, and a worker removes its people", async () => {
  const { owner, organization } = await memberScene(home, "Crowded");
  const { ownerPassword } = organization;
  const ownerEmail = await crowd(organization.id, organization.ownerEmail, 2 * peopleChunk);
  const last = await openBrowser(home.url).signIn({ ownerEmail, ownerPassword });
  const everyone = 2 * peopleChunk + 1;
  await owner.api.provisioning.disable.mutate({ after: "remove", confirm: `remove ${everyone} people` });
  const { peopleJob: job } = await owner.api.provisioning.get.query();
  expect(job).toMatchObject({
    choice: "remove",
    people: everyone,
    done: peopleChunk,
    endedAt: null,
    hasStopped: false,
  });
  // The person who comes last has lost access like the first.
  expect((await last.call("query", "account.get")).status).toBe(401);
  const again = await openBrowser(home.url).call("mutation", "session.signIn", {
    email: ownerEmail,
    password: ownerPassword,
  });
  expect(refusalOf(again)).toBe("accessEnded");
  const on = await owner.call("mutation", "provisioning.enable", { acknowledgeNoSso: true });
  expect([on.status, refusalOf(on)]).toEqual([409, "peopleJobRunning"]);

  // A worker that is stopped leaves the rest to the next one.
  const stopped = startWorker();
  const round = stopped.run();
  await nextTurn();
  await stopped.close();
  expect(await round).toBe(1);
  expect(await owner.api.provisioning.get.query()).toMatchObject({
    peopleJob: { done: 2 * peopleChunk, endedAt: null },
  });
  const next = startWorker();
  expect(await next.run()).toBe(1);
  await next.close();
  expect(await owner.api.provisioning.get.query()).toMatchObject({
    managedMembers: 0,
    peopleJob: { done: everyone, endedAt: expect.any(String) },
  });
  expect((await owner.api.members.list.query(everybody)).total).toBe(1);
  const { entries } = await owner.api.activity.list.query({ limit: 1 });
  expect(entries).toMatchObject([{ kind: "provisioning.people_done", actor: { kind: "system" } }]);
  expect((await owner.call("mutation", "provisioning.enable", { acknowledgeNoSso: true })).status).toBe(200);
});

test("a job that has stopped after failures goes on when an owner says so, and for no other organization", async () => {
  const { owner, organization } = await memberScene(home, "Stopping");
  const { owner: stranger } = await memberScene(home, "Stranger");
  await crowd(organization.id, organization.ownerEmail, peopleChunk);
  await owner.api.provisioning.disable.mutate({ after: "keepLocked", confirm: organization.name });
  const stop = "update people_job set tries = 6 where organization_id = $1";
  await home.rows(stop, [organization.id]);
  const worker = startWorker();
  expect(await worker.run()).toBe(0);
  const stateOf = async () => (await owner.api.provisioning.get.query()).peopleJob;
  expect(await stateOf()).toMatchObject({ hasStopped: true, endedAt: null });
  await stranger.api.provisioning.resumePeopleJob.mutate();
  expect(await worker.run()).toBe(0);
  await owner.api.provisioning.resumePeopleJob.mutate();
  expect(await worker.run()).toBe(1);
  await worker.close();
  expect(await stateOf()).toMatchObject({ hasStopped: false, endedAt: expect.any(String) });
});
