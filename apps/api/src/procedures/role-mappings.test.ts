import { describeChange } from "@rollcall/domain";
import { describe, expect, test } from "vitest";
import { heldBy, memberScene } from "../testing/member-scene.ts";
import { refusalOf } from "../testing/observations.ts";
import { openBrowser } from "../testing/test-browser.ts";
import { useTestConsole } from "../testing/test-hooks.ts";

const home = await useTestConsole();

async function scene(name: string) {
  const acme = await memberScene(home, name);
  const { api } = acme.owner;
  const { id: reps } = await api.roles.create.mutate({ name: "Reps", permissions: ["environment.view"] });
  return { acme, api, reps, sales: await acme.push("Sales", [acme.pam]) };
}

// Design section 3, rule 8: an owner maps a group to an existing role, with a preview of the effect.
describe("AR-54 AR-60 a group that owners map to a role", () => {
  test("is previewed without a trace, saved, and shown as the source of the role", async () => {
    const { acme, api, reps, sales } = await scene("Mapping");
    const input = { mappings: [{ groupId: sales, targetId: reps }], basis: [] };
    const gain = { roleId: reps, role: "Reps", isGain: true, count: 1 };
    expect(await api.roles.previewMapping.query(input)).toMatchObject([gain]);
    expect(await api.roles.mappings.query()).toEqual([]);
    await api.roles.setMappings.mutate(input);
    const mapping = { groupId: sales, group: "Sales", targetId: reps, target: "Reps", inGroup: 1, decided: 1 };
    expect(await api.roles.mappings.query()).toEqual([mapping]);
    expect(await heldBy(acme, acme.pam)).toEqual(["Members", "Reps", "Sales"]);
    const { members } = await api.roles.get.query({ id: reps, page: 1, pageSize: 25 });
    expect(members).toMatchObject([{ id: acme.pam, sources: ["mapping"], mappedBy: "Sales" }]);
    const { member, roles } = await api.members.get.query({ id: acme.pam });
    expect(member.roles.map(({ name, sources, mappedBy }) => [name, sources, mappedBy])).toEqual([
      ["Members", ["default"], null],
      ["Reps", ["mapping"], "Sales"],
      ["Sales", ["group"], null],
    ]);
    expect(roles.find(({ role }) => role.name === "Reps")?.lock).toMatch(/A mapping of a directory group gives Reps/);
    const { entries } = await api.activity.list.query({ limit: 2 });
    expect(entries.map((entry) => describeChange({ ...entry, before: entry.before, after: entry.after }))).toEqual([
      expect.stringMatching(/gave .+ the role Reps, by the mapping of the group Sales$/),
      expect.stringMatching(/mapped the group Sales to the role Reps$/),
    ]);
  });

  test("is refused where the role is not the owners' to give, and the refusal is in the log", async () => {
    const { acme, sales, reps } = await scene("Unfit");
    const save = (groupId: string, targetId: string | undefined) =>
      acme.owner.call("mutation", "roles.setMappings", { mappings: [{ groupId, targetId }], basis: [] });
    expect(refusalOf(await save(sales, acme.roles["Account Owners"]))).toBe("mappingTargetUnfit");
    expect(refusalOf(await save(sales, acme.roles["Deploy Owners"]))).toBe("mappingTargetUnfit");
    expect(refusalOf(await save(sales, sales))).toBe("mappingTargetUnfit");
    expect(refusalOf(await save(reps, reps))).toBe("mappingGroupUnfit");
    const { entries } = await acme.owner.api.activity.list.query({ limit: 1, outcome: "refused" });
    expect(entries).toMatchObject([{ kind: "role.mapped", refusal: "mappingGroupUnfit" }]);
  });

  test("is refused where another owner was faster", async () => {
    const { acme, api, reps, sales } = await scene("Faster");
    const input = { mappings: [{ groupId: sales, targetId: reps }], basis: [] };
    await api.roles.setMappings.mutate(input);
    const response = await acme.owner.call("mutation", "roles.setMappings", input);
    expect([response.status, refusalOf(response)]).toEqual([409, "mappingsMoved"]);
  });
});

test("AR-08 a default role is previewed: existing roles stay, and holders of the former one keep it", async () => {
  const { acme, api, reps } = await scene("Default");
  const preview = await api.provisioning.previewDefaultRole.query({ roleId: reps });
  expect(preview).toMatchObject({ role: "Members", count: 1 });
  const owners = acme.roles["Account Owners"] ?? "";
  expect(await api.provisioning.previewDefaultRole.query({ roleId: owners })).toEqual(preview);
  expect((await api.provisioning.get.query()).defaultRole?.name).toBe("Members");
});

// A page can request many previews at once: other organizations must not wait.
test("previews of one organization leave the connections to others", async () => {
  const { owner, organization } = await memberScene(home, "Curious");
  const other = await openBrowser(home.url).signIn(await home.organization("Calm"));
  const input = { mappings: [], basis: [] };
  const previews: Promise<{ status: number }>[] = [];
  await home.database.transaction(async (tx) => {
    const text = "select 1 from provisioning where organization_id = $1 for update";
    await tx.query({ name: "", text }, [organization.id]);
    for (let count = 0; count < 15; count++) previews.push(owner.call("query", "roles.previewMapping", input));
    for (let count = 0; count < 15; count++) expect((await other.call("query", "roles.list")).status).toBe(200);
  });
  expect((await Promise.all(previews)).map(({ status }) => status)).toEqual(previews.map(() => 200));
});
