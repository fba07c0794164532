import { expect, test } from "vitest";
import { refusalOf } from "../testing/observations.ts";
import { memberScene } from "../testing/member-scene.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

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
  await owner.api.provisioning.disable.mutate({ after: "keepLocked", confirm: organization.name });
  expect(await owner.api.provisioning.get.query()).toMatchObject({ keepsLocks: true, managedMembers: 1 });
  expect(await owner.api.provisioning.releasePeople.mutate()).toEqual({ count: 1 });
  expect(await owner.api.provisioning.get.query()).toMatchObject({ keepsLocks: false, managedMembers: 0 });
});

test("all tokens end by their number", async () => {
  const { owner } = await memberScene(home, "Ending");
  const active = (await owner.api.tokens.list.query()).filter(({ status }) => status === "ACTIVE").length;
  expect((await owner.call("mutation", "tokens.revokeAll", { confirm: "end" })).status).toBe(400);
  expect(await owner.api.tokens.revokeAll.mutate({ confirm: `end ${active} tokens` })).toEqual({ count: active });
  expect((await owner.api.tokens.list.query()).every(({ status }) => status === "REVOKED")).toBe(true);
});
