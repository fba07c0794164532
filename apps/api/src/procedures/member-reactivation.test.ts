import { describe, expect, test } from "vitest";
import { heldBy, memberScene, type MemberScene } from "../testing/member-scene.ts";
import { lastLink, refusalOf } from "../testing/observations.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

function advance(minutes: number): void {
  home.clock.now = new Date(home.clock.now.getTime() + minutes * 60_000);
}

const statusOf = async ({ owner }: MemberScene, id: string) =>
  (await owner.api.members.get.query({ id })).member.status;

/** The rule that refused it; undefined if it was done. */
async function refusal({ owner }: MemberScene, what: "reactivate" | "undoReactivate", ...ids: readonly string[]) {
  const response = await owner.call("mutation", `members.${what}`, { ids });
  return response.status === 200 ? undefined : refusalOf(response);
}

/** Pam and Jim, deactivated by the directory; Pam had the manual role Ops. */
async function inactiveScene(name: string) {
  const scene = await memberScene(home, name);
  const { owner, organization, pam } = scene;
  const jim = await home.provision(organization, `jim@${name.toLowerCase()}.example`);
  const { id: ops } = await owner.api.roles.create.mutate({ name: "Ops", permissions: [] });
  await owner.api.members.grantRole.mutate({ memberId: pam, roleId: ops });
  for (const id of [pam, jim]) await scene.set(id, false);
  advance(1);
  return { ...scene, jim, ops };
}

// Owners may reactivate people only where no directory would decide against it.
describe("an inactive person", () => {
  test("is left to the directory while it manages them, alone and among others", async () => {
    const scene = await inactiveScene("Managed");
    expect(await refusal(scene, "reactivate", scene.pam)).toBe("onlyDirectoryReactivates");
    expect(await refusal(scene, "reactivate", scene.pam, scene.ownerId)).toBe("onlyDirectoryReactivates");
    expect(await statusOf(scene, scene.pam)).toBe("inactive");
    const { standing } = await scene.owner.api.person.explain.query({ id: scene.pam });
    expect(standing.next).toMatchObject({
      place: "guide",
      text: expect.stringContaining("in your identity provider"),
    });
    const { entries } = await scene.owner.api.activity.list.query({ limit: 1, outcome: "refused" });
    expect(entries).toMatchObject([{ kind: "member.reactivated", refusal: "onlyDirectoryReactivates" }]);
  });

  test("is reactivated with the default role once released, and offered what they had by hand", async () => {
    const scene = await inactiveScene("Released");
    const { owner, organization, pam } = scene;
    await home.release(organization);
    const { standing } = await owner.api.person.explain.query({ id: pam });
    expect(standing.next).toEqual({ text: "Reactivate them", place: "reactivate" });
    const invitation = { email: "pam@released.example", roleIds: [scene.roles["Members"]] };
    expect(refusalOf(await owner.call("mutation", "invitations.send", invitation))).toBe("memberAlready");
    expect(await refusal(scene, "reactivate", pam)).toBeUndefined();
    expect(await refusal(scene, "reactivate", pam)).toBeUndefined();
    expect(await statusOf(scene, pam)).toBe("active");
    expect(await heldBy(scene, pam)).toEqual(["Members"]);
    expect(await owner.api.members.offers.query({ id: pam })).toMatchObject([{ name: "Ops" }]);
    const { entries } = await owner.api.activity.list.query({ limit: 100, memberId: pam });
    expect(entries.filter(({ kind }) => kind === "member.reactivated")).toMatchObject([
      { actor: { kind: "person" }, before: { active: false }, after: { active: true } },
    ]);
  });

  test("comes back with many others at once, and goes again by one undo", async () => {
    const scene = await inactiveScene("Many");
    const { owner, organization, pam, jim } = scene;
    await home.release(organization);
    expect(await refusal(scene, "reactivate", jim, pam, jim)).toBeUndefined();
    expect([await statusOf(scene, pam), await statusOf(scene, jim)]).toEqual(["active", "active"]);
    advance(1);
    await owner.api.members.restoreRoles.mutate({ id: pam });
    expect(await heldBy(scene, pam)).toEqual(["Members", "Ops"]);
    advance(1);
    expect(await refusal(scene, "undoReactivate", pam, jim)).toBeUndefined();
    expect([await statusOf(scene, pam), await statusOf(scene, jim)]).toEqual(["inactive", "inactive"]);
    expect(await heldBy(scene, pam)).toEqual([]);
    expect(await refusal(scene, "undoReactivate", pam)).toBeUndefined();
    expect(await refusal(scene, "reactivate", pam)).toBeUndefined();
    expect(await owner.api.members.offers.query({ id: pam })).toMatchObject([{ name: "Ops" }]);
  });

  test("whose reactivation is undone is offered later what was offered then", async () => {
    const scene = await inactiveScene("Offered");
    const { owner, organization, pam } = scene;
    await home.release(organization);
    for (const what of ["reactivate", "undoReactivate", "reactivate"] as const) {
      expect(await refusal(scene, what, pam)).toBeUndefined();
      advance(1);
    }
    expect(await owner.api.members.offers.query({ id: pam })).toMatchObject([{ name: "Ops" }]);
  });

  test("signs in once back, and is signed out by the undo", async () => {
    const scene = await inactiveScene("Signed");
    const { organization, pam } = scene;
    await home.release(organization);
    expect(await refusal(scene, "reactivate", pam)).toBeUndefined();
    const browser = openBrowser(home.url);
    const email = "pam@signed.example";
    await browser.api.forgottenPassword.request.mutate({ email });
    const password = "quiet lamps over wet gravel";
    await browser.api.forgottenPassword.complete.mutate({ token: await lastLink(home.database, email), password });
    await browser.api.session.signIn.mutate({ email, password });
    expect(await browser.api.session.current.query()).toMatchObject({ organization: { id: organization.id } });
    expect(await refusal(scene, "undoReactivate", pam)).toBeUndefined();
    expect(await browser.api.session.current.query()).toBeNull();
  });

  test("a person who has not accepted must still accept", async () => {
    const scene = await memberScene(home, "Unproven");
    const { organization } = scene;
    const guest = await home.provision(organization, "guest@elsewhere.example");
    expect(await statusOf(scene, guest)).toBe("awaiting");
    await scene.set(guest, false);
    await home.release(organization);
    expect(await refusal(scene, "reactivate", guest)).toBeUndefined();
    expect(await statusOf(scene, guest)).toBe("awaiting");
  });
});

describe("an undo of a reactivation", () => {
  test("is of no access that owners have not given back", async () => {
    const scene = await inactiveScene("Late");
    expect(await refusal(scene, "undoReactivate", scene.ownerId)).toBe("reactivationOver");
    await home.release(scene.organization);
    expect(await refusal(scene, "reactivate", scene.pam)).toBeUndefined();
    expect(await refusal(scene, "undoReactivate", scene.pam, scene.ownerId)).toBe("reactivationOver");
    expect(await statusOf(scene, scene.pam)).toBe("active");
  });

  test("is for at least one and at most 500 people, as is the reactivation", async () => {
    const { owner, pam } = await memberScene(home, "Bounds");
    for (const what of ["reactivate", "undoReactivate"]) {
      for (const ids of [[], Array.from({ length: 501 }, () => pam), ["x"]]) {
        expect((await owner.call("mutation", `members.${what}`, { ids })).status).toBe(400);
      }
    }
  });
});
