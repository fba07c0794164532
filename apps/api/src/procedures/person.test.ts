import { expect, test } from "vitest";
import { memberScene } from "../testing/member-scene.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

// The person's page over HTTP: history, origin of the roles, next step.
test("an owner sees a person's history, the origin of their roles, and the next step", async () => {
  const scene = await memberScene(home, "Dunder");
  const { owner, pam, roles } = scene;
  await scene.push("Sales", [pam]);
  await owner.api.members.grantRole.mutate({ memberId: pam, roleId: roles["Deploy Owners"] ?? "" });
  const session = await owner.api.session.current.query();
  const name = session?.account.name ?? "";
  const { standing, roles: reasons } = await owner.api.person.explain.query({ id: pam });
  expect(standing).toMatchObject({ kind: "here", next: null });
  expect(reasons.flatMap((one) => one.reasons.map(({ text }) => text))).toEqual([
    `${name} gave it by hand`,
    "It is the default role, given when the identity provider (token “for pam@dunder.example”) added them",
    "The identity provider (token “Okta”) put them into the group “Sales”",
  ]);
  await scene.set(pam, false);
  const gone = await owner.api.person.explain.query({ id: pam });
  expect(gone.standing).toMatchObject({ kind: "inactive", next: { place: "guide" } });
  const { items, nextCursor } = await owner.api.person.timeline.query({ id: pam, limit: 2 });
  expect(items).toMatchObject([
    { what: "change", entry: { kind: "member.deactivated" } },
    { what: "change", entry: { kind: "member.role_granted", actor: { kind: "person", name } } },
  ]);
  const rest = await owner.api.person.timeline.query({ id: pam, limit: 100, cursor: nextCursor ?? "" });
  expect(rest.nextCursor).toBeNull();
  expect(await owner.api.person.timeline.query({ id: pam, limit: 10, refused: true })).toMatchObject({ items: [] });
});

test("an owner sees why an address is missing, and nothing about other organizations", async () => {
  const { owner } = await memberScene(home, "Mifflin");
  await memberScene(home, "Rival");
  const why = (address: string) => owner.api.person.whyNotHere.query({ address });
  expect(await why(" PAM@mifflin.example ")).toMatchObject({ kind: "here" });
  expect(await why("pam@rival.example")).toMatchObject({ kind: "alike", person: { userName: "pam@mifflin.example" } });
  expect((await why("owner@rival.example")).text).toBe(
    (await why("owner@nowhere.example")).text.replace("nowhere", "rival"),
  );
  const empty = await owner.call("query", "person.whyNotHere", { address: " " });
  expect(empty.status).toBe(400);
});
