import { addMember } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import { memberScene, type MemberScene } from "../testing/member-scene.ts";
import { useTestConsole } from "../testing/test-hooks.ts";
import { credentialIn } from "../testing/test-console.ts";

const home = await useTestConsole();

/** An organization whose directory tried to deactivate nine people: five were deactivated, and four are held. */
async function heldRemovalsIn(name: string): Promise<MemberScene & { readonly people: readonly string[] }> {
  const scene = await memberScene(home, name);
  const { token } = await scene.owner.api.tokens.issue.mutate({ name: "Okta production" });
  const credential = credentialIn(token);
  const people = [scene.pam];
  for (let index = 1; index < 9; index++) {
    const names = { externalId: null, givenName: null, familyName: null, displayName: null, active: true };
    const input = { ...names, userName: `p${index}@${name.toLowerCase()}.example` };
    const { added } = await addMember(home.database, credential, input, { now: home.clock.now, requestId: "scim" });
    if (added?.ok !== true) throw new Error("The person could not be added.");
    people.push(added.value.id);
  }
  for (const id of people.slice(0, 5)) await scene.set(id, false);
  for (const id of people.slice(5)) await expect(scene.set(id, false)).rejects.toThrow("refused");
  return { ...scene, people };
}

async function lastChanges(scene: MemberScene, limit: number): Promise<readonly unknown[]> {
  const { entries } = await scene.owner.api.activity.list.query({ limit });
  return entries.map(({ kind, after }) => [kind, after]);
}

// Rule 13 in the console: held changes are shown, and each decision is applied, logged and can be ended.
describe("what the guard holds", () => {
  test("is listed with person, change and time", async () => {
    const { owner, people } = await heldRemovalsIn("Listed");
    const held = await owner.api.guard.list.query();
    expect(held.map(({ memberId }) => memberId)).toEqual(people.slice(5));
    const at = home.clock.now.toISOString();
    expect(held[0]).toMatchObject({
      userName: "p5@listed.example",
      kind: "member.deactivated",
      firstTriedAt: at,
      lastTriedAt: at,
      tries: 1,
      decision: null,
    });
    const { guard } = await owner.api.provisioning.get.query();
    expect(guard).toEqual({ losses: 5, limit: 5, latchedAt: at, holdsUntil: null, held: 4, releasedUntil: null });
    expect(await owner.api.health.get.query()).toMatchObject({ state: "stopped", since: at, next: { place: "guard" } });
  });

  test("is approved, rejected or done now, and decisions are ended, each with its entry", async () => {
    const scene = await heldRemovalsIn("Decided");
    const { api } = scene.owner;
    const [first, second, third, fourth] = await api.guard.list.query();
    const idsOf = (...changes: readonly (typeof first)[]): string[] => changes.map((change) => change?.id ?? "");
    expect(await api.guard.decide.mutate({ decision: "approved", ids: idsOf(first, second) })).toEqual({ count: 2 });
    expect(await api.guard.decide.mutate({ decision: "rejected", ids: idsOf(third) })).toEqual({ count: 1 });
    await api.guard.deactivate.mutate({ id: fourth?.id ?? "" });
    expect(await api.guard.endDecisions.mutate({ ids: idsOf(second) })).toEqual({ count: 1 });
    expect((await api.guard.list.query()).map(({ decision }) => decision)).toEqual([null, "approved", "rejected"]);
    const deactivated = await api.members.get.query({ id: fourth?.memberId ?? "" });
    expect(deactivated.member.status).toBe("inactive");
    expect(await lastChanges(scene, 4)).toEqual([
      ["provisioning.guard_decision_ended", { count: 1, names: ["p6"] }],
      ["member.deactivated", { active: false }],
      ["provisioning.guard_rejected", { count: 1, names: ["p7"] }],
      ["provisioning.guard_approved", { count: 2, names: ["p5", "p6"] }],
    ]);
    await expect(api.guard.resume.mutate()).rejects.toThrow("Held removals that wait for a decision: 1.");
  });

  test("passes while it is released; the release is ended, and the guard turned off and on, each with its entry", async () => {
    const scene = await heldRemovalsIn("Released");
    const { api } = scene.owner;
    const { releasedUntil } = await api.guard.release.mutate();
    expect(Date.parse(releasedUntil)).toBe(home.clock.now.getTime() + 3_600_000);
    expect(await api.provisioning.get.query()).toMatchObject({ guard: { releasedUntil, latchedAt: null, held: 0 } });
    await scene.set(scene.people[5] ?? "", false);
    await api.guard.endRelease.mutate();
    expect(await api.provisioning.get.query()).toMatchObject({ guard: { releasedUntil: null } });
    await api.guard.setOn.mutate({ isOn: false });
    await api.guard.setOn.mutate({ isOn: true });
    expect(await lastChanges(scene, 5)).toEqual([
      ["provisioning.guard_changed", { isGuardOn: true, held: 0 }],
      ["provisioning.guard_changed", { isGuardOn: false, held: 0 }],
      ["provisioning.guard_release_ended", { releasedUntil: home.clock.now.toISOString() }],
      ["member.deactivated", { active: false }],
      ["provisioning.guard_released", { releasedUntil, minutes: 60, held: 4 }],
    ]);
  });
});
