import { describe, expect, test } from "vitest";
import { memberScene, type MemberScene } from "../testing/member-scene.ts";
import { lastLink, refusalOf } from "../testing/observations.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

const scene = (name: string) => memberScene(home, name);

describe("removing people", () => {
  const remove = async ({ owner }: MemberScene, id: string, confirm?: string) => {
    const response = await owner.call("mutation", "members.remove", { id, confirm });
    return response.status === 200 ? undefined : refusalOf(response);
  };

  test("AR-71 of the directory wants their name typed, and ends their access at once", async () => {
    const acme = await scene("Typed");
    expect(await remove(acme, acme.pam)).toBe("confirmationWrong");
    expect(await remove(acme, acme.pam, "Pam B")).toBe("confirmationWrong");
    expect(await remove(acme, acme.pam, "pam")).toBeUndefined();
    expect((await acme.owner.call("query", "members.get", { id: acme.pam })).status).toBe(404);
    const { entries } = await acme.owner.api.activity.list.query({ limit: 1 });
    expect(entries).toMatchObject([{ kind: "member.removed", subject: { name: "pam" } }]);
  });

  test("AR-71 of the directory is left to it where the owners have decided so", async () => {
    const acme = await scene("Directory");
    await acme.owner.api.provisioning.setRemovalPolicy.mutate({ onlyDirectory: true });
    expect((await acme.owner.api.provisioning.get.query()).onlyDirectoryRemoves).toBe(true);
    expect(await remove(acme, acme.pam, "pam")).toBe("onlyDirectoryRemoves");
    const { removal } = await acme.owner.api.members.get.query({ id: acme.pam });
    expect(removal).toBe("pam can be removed only in the identity provider, as the owners have decided.");
  });

  test("AR-72 never of oneself, and so never of the last owner", async () => {
    const acme = await scene("Self");
    expect(await remove(acme, acme.ownerId)).toBe("selfRemoval");
  });

  test("AR-78 of a person managed by another organization needs no confirmation here", async () => {
    const [manager, other] = [await scene("Manager"), await scene("Elsewhere")];
    const { organization } = other;
    await home.provision(manager.organization, organization.ownerEmail);
    const elsewhere = await other.owner.api.members.get.query({ id: other.ownerId });
    expect(elsewhere.member.isManaged).toBe(false);
    const second = await scene("Joint");
    await second.owner.api.invitations.send.mutate({
      email: `pam@manager.example`,
      roleIds: [second.roles["Members"] ?? ""],
    });
    await manager.owner.api.locks.setExemption.mutate({ memberId: manager.pam, isExempt: true });
    const token = await lastLink(home.database, "pam@manager.example");
    const guest = openBrowser(home.url);
    await guest.api.invitations.accept.mutate({ token, password: "four words on a wall" });
    const memberId = (await guest.api.session.current.query())?.memberId ?? "";
    expect((await second.owner.api.members.get.query({ id: memberId })).member.isManaged).toBe(false);
    expect(await remove(second, memberId)).toBeUndefined();
    expect((await manager.owner.api.members.get.query({ id: manager.pam })).member.status).toBe("active");
  });
});
