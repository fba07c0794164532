import { guardWindowMs } from "@rollcall/domain";
import { describe, expect, test } from "vitest";
import { readProvisioningOverview } from "../provisioning/provisioning-read.ts";
import { removeMember } from "../member/member-removal.ts";
import type { WriteContext } from "../store/write-context.ts";
import { changeRole } from "../scim/role-write.ts";
import { now, openScimDatabase, person, request, type Tenant } from "../testing/scim-database.ts";
import { deactivateHeld, decideHeld, endDecisions } from "./guard-decision.ts";
import { followUpNextHold } from "./guard-hold.ts";
import { endGuardRelease, releaseGuard, resumeGuard, setGuard } from "./guard-settings.ts";
import { listHeldChanges, type HeldChange } from "./held-change.ts";

const home = await openScimDatabase();

const minutesMs = 60_000;
const dayMs = 86_400_000;
const after = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);
let count = 0;

/** An organization of 20 managed people p0 … p19 with the guard on and a limit of five. */
async function storm() {
  const name = `latch${count++}`;
  const tenant = await home.newTenant(name);
  await setGuard(home.database, tenant.context, true);
  const ids: string[] = [];
  for (let index = 0; index < 20; index++) {
    const name20 = `p${String(index).padStart(2, "0")}`;
    ids.push((await tenant.add(person(`${name20}@${name}.example`, { displayName: name20 }))).id);
  }
  const { organizationId } = tenant;
  /** Tries to deactivate each of them, one after the other. */
  const deactivate = async (people: readonly string[], at = now): Promise<readonly string[]> => {
    const outcomes: string[] = [];
    for (const id of people) {
      const outcome = await tenant.write(id, () => ({ active: false }), { ...request, now: at });
      outcomes.push(outcome.kind === "refused" ? outcome.refusal.kind : outcome.kind);
    }
    return outcomes;
  };
  const held = (): Promise<readonly HeldChange[]> => listHeldChanges(home.database.sql, organizationId);
  return {
    tenant,
    ids,
    deactivate,
    held,
    heldIds: async () => (await held()).map(({ id }) => id),
    asOwner: (at: Date): WriteContext => ({ ...tenant.context, now: at }),
    guard: async (at: Date) => (await readProvisioningOverview(home.database.sql, organizationId, at)).guard,
  };
}
type Storm = Awaited<ReturnType<typeof storm>>;

/** A scene after 20 deactivations: five passed, and 15 are held. */
async function heldStorm(): Promise<Storm> {
  const scene = await storm();
  await scene.deactivate(scene.ids);
  return scene;
}

const saved = (times: number): string[] => Array<string>(times).fill("saved");
const tripped = (times: number): string[] => Array<string>(times).fill("guardTripped");

async function logged(tenant: Tenant, kinds: string): Promise<readonly unknown[]> {
  const text = `select kind || coalesce(' ' || refusal, '') as entry from change
    where organization_id = $1 and kind like $2 order by id`;
  return (await home.rows(text, [tenant.organizationId, kinds])).map((row) => row["entry"]);
}

async function mailsTo(tenant: Tenant): Promise<number> {
  const text = "select count(*)::int as count from mail where recipient = $1 and subject like '%emovals%'";
  return Number((await home.rows(text, [tenant.ownerEmail]))[0]?.["count"]);
}

// Owners read "on hold until you decide", which must be true for any time.
describe("without a decision", () => {
  test("five of twenty pass, and fifteen are held a minute, an hour and a month later", async () => {
    const { ids, deactivate } = await storm();
    expect(await deactivate(ids)).toEqual([...saved(5), ...tripped(15)]);
    for (const later of [minutesMs, 16 * minutesMs, 30 * dayMs]) {
      expect(await deactivate(ids.slice(5), after(later))).toEqual(tripped(15));
    }
  });

  test("records each held change once with its tries, and logs and mails it once", async () => {
    const { tenant, ids, deactivate, held } = await heldStorm();
    await deactivate(ids.slice(5), after(16 * minutesMs));
    const changes = await held();
    expect(changes.map(({ memberId }) => memberId)).toEqual(ids.slice(5));
    expect(changes[0]).toMatchObject({
      name: "p05",
      kind: "member.deactivated",
      role: null,
      requestId: request.requestId,
      firstTriedAt: now,
      lastTriedAt: after(16 * minutesMs),
      tries: 2,
      decision: null,
    });
    expect(await logged(tenant, "member.deactivated")).toEqual([
      ...Array<string>(5).fill("member.deactivated"),
      ...Array<string>(15).fill("member.deactivated guardTripped"),
    ]);
    expect(await logged(tenant, "provisioning.guard_latched")).toHaveLength(1);
    expect(await mailsTo(tenant)).toBe(1);
  });

  test("removals 15 minutes apart are never held", async () => {
    const { ids, deactivate } = await storm();
    for (const [place, id] of ids.entries())
      expect(await deactivate([id], after(place * 4 * minutesMs))).toEqual(saved(1));
  });

  test("a group request is held for each person who would lose the role", async () => {
    const { tenant, ids, held, deactivate } = await storm();
    const groupId = await tenant.addGroup("Sales", ids.slice(10));
    const members = [{ kind: "set", memberIds: ids.slice(18) }] as const;
    expect(await changeRole(home.database, tenant.request, groupId, { members })).toMatchObject({ kind: "refused" });
    const changes = await held();
    expect(changes.map(({ memberId }) => memberId).sort()).toEqual(ids.slice(10, 18));
    expect(new Set(changes.map(({ role }) => role))).toEqual(new Set(["Sales"]));
    expect(await deactivate(ids.slice(0, 1))).toEqual(tripped(1));
    await decideHeld(home.database, tenant.context, { decision: "approved", ids: changes.map(({ id }) => id) });
    expect(await changeRole(home.database, tenant.request, groupId, { members })).toMatchObject({ kind: "saved" });
    expect(await deactivate(ids.slice(0, 1))).toEqual(tripped(1));
  });

  test("a role that people without access lose neither counts nor waits", async () => {
    const { tenant, ids, held, deactivate } = await storm();
    const groupId = await tenant.addGroup("Former", ids.slice(0, 8));
    await setGuard(home.database, tenant.context, false);
    await deactivate(ids.slice(0, 8));
    await setGuard(home.database, tenant.context, true);
    const members = [{ kind: "set", memberIds: [] }] as const;
    expect(await changeRole(home.database, tenant.request, groupId, { members })).toMatchObject({ kind: "saved" });
    expect(await deactivate(ids.slice(8, 13))).toEqual(Array.from({ length: 5 }, () => "saved"));
    expect(await held()).toEqual([]);
  });

  test("a person removed in another way waits for no decision", async () => {
    const { tenant, held, ids } = await heldStorm();
    await removeMember(home.database, tenant.context, { memberId: ids[5] ?? "", typed: "p05" });
    expect((await held()).map(({ memberId }) => memberId)).toEqual(ids.slice(6));
  });

  test("a deletion of a person without access, and a role that an owner gave as well, wait for no decision", async () => {
    const { tenant, ids, held, heldIds, deactivate } = await storm();
    const [first = "", second = ""] = ids.slice(5);
    const groupId = await tenant.addGroup("Sales", [second]);
    await deactivate(ids.slice(0, 6));
    await tenant.write(first, "delete", { ...request, now });
    await changeRole(home.database, tenant.request, groupId, { members: [{ kind: "remove", memberIds: [second] }] });
    expect((await held()).map(({ kind }) => kind).sort()).toEqual([
      "member.deactivated",
      "member.deleted",
      "member.role_revoked",
    ]);
    await tenant.grant(second, "Sales");
    const [id = ""] = await heldIds();
    expect(await deactivateHeld(home.database, tenant.context, id)).toMatchObject({ ok: true });
    expect(await held()).toEqual([]);
  });

  test("the limit counts a person once who lost access and has it again, and is named while it holds", async () => {
    const name = `again${count++}`;
    const tenant = await home.newTenant(name);
    await setGuard(home.database, tenant.context, true);
    const ids: string[] = [];
    for (let index = 0; index < 70; index++) ids.push((await tenant.add(person(`p${index}@${name}.example`))).id);
    const limits: unknown[] = [];
    const off = async (id: string): Promise<void> => {
      const outcome = await tenant.write(id, () => ({ active: false }));
      limits.push(outcome.kind === "refused" && "limit" in outcome.refusal ? outcome.refusal.limit : outcome.kind);
    };
    for (const id of ids.slice(0, 5)) {
      await off(id);
      await tenant.write(id, () => ({ active: true }));
    }
    for (const id of ids.slice(5, 9)) await off(id);
    expect(limits).toEqual([...saved(7), 7, 7]);
    const { guard } = await readProvisioningOverview(home.database.sql, tenant.organizationId, now);
    expect(guard).toMatchObject({ losses: 7, limit: 7 });
    const [latched] = await home.rows("select after from change where organization_id = $1 and kind = $2", [
      tenant.organizationId,
      "provisioning.guard_latched",
    ]);
    expect(latched).toEqual({ after: { limit: 7 } });
  });

  // Otherwise every later removal would be held until an owner looks.
  test("a hold whose people were all removed in another way ends after a window", async () => {
    const { tenant, held, ids, deactivate, guard } = await storm();
    await deactivate(ids.slice(0, 6));
    expect(await held()).toHaveLength(1);
    expect(await followUpNextHold(home.database, after(1))).toBe(false);
    await removeMember(home.database, tenant.context, { memberId: ids[5] ?? "", typed: "p05" });
    const end = after(minutesMs + guardWindowMs);
    expect(await followUpNextHold(home.database, after(minutesMs))).toBe(true);
    expect(await guard(after(minutesMs))).toMatchObject({ held: 0, holdsUntil: end });
    expect(await followUpNextHold(home.database, after(minutesMs))).toBe(false);
    expect(await deactivate(ids.slice(6, 7), end)).toEqual(saved(1));
  });
});

describe("an owner who approves held changes", () => {
  test("lets exactly those pass at their next try, once", async () => {
    const { tenant, ids, deactivate, heldIds, asOwner, guard } = await heldStorm();
    const shown = (await heldIds()).slice(0, 10);
    const hour = after(60 * minutesMs);
    expect(await decideHeld(home.database, asOwner(hour), { decision: "approved", ids: shown })).toEqual({
      ok: true,
      value: 10,
    });
    expect(await deactivate(ids.slice(5), after(61 * minutesMs))).toEqual([...saved(10), ...tripped(5)]);
    expect(await guard(after(62 * minutesMs))).toMatchObject({ losses: 0, held: 5, holdsUntil: null });
    const first = ids[5] ?? "";
    await tenant.write(first, () => ({ active: true }), { ...request, now: after(63 * minutesMs) });
    expect(await deactivate([first], after(64 * minutesMs))).toEqual(tripped(1));
  });

  // Okta doubles Retry-After at each of its ten tries (docs/idp-wire.md, section 2).
  test.each([0, 1, 5, 9])(
    "has all changes made within Okta's ten tries, decided after try %i",
    async (decidedAfter) => {
      const { ids, deactivate, heldIds, asOwner } = await heldStorm();
      const outcomes: string[] = [];
      let atMs = 0;
      for (let tries = 1; tries <= 10; tries++) {
        atMs += 900_000 * 2 ** (tries - 1);
        if (tries === decidedAfter + 1) {
          const context = asOwner(after(atMs - minutesMs));
          await decideHeld(home.database, context, { decision: "approved", ids: await heldIds() });
        }
        outcomes.push(...(await deactivate(ids.slice(5), after(atMs))));
      }
      expect(outcomes).toEqual([...tripped(15 * decidedAfter), ...saved(15 * (10 - decidedAfter))]);
    },
  );

  test("ends the hold a quarter of an hour later, and counts from zero", async () => {
    const { ids, deactivate, heldIds, asOwner, guard, tenant } = await heldStorm();
    await decideHeld(home.database, asOwner(after(minutesMs)), {
      decision: "approved",
      ids: (await heldIds()).slice(0, 14),
    });
    expect(await guard(after(minutesMs))).toMatchObject({ latchedAt: now, holdsUntil: null, held: 1 });
    await decideHeld(home.database, asOwner(after(minutesMs)), {
      decision: "rejected",
      ids: (await heldIds()).slice(0, 1),
    });
    expect(await guard(after(minutesMs))).toMatchObject({ latchedAt: now, holdsUntil: after(16 * minutesMs), held: 0 });
    expect(await deactivate(ids.slice(5, 19), after(2 * minutesMs))).toEqual(saved(14));
    const fresh = await tenant.add(person("fresh@latch.example"));
    expect(await deactivate([fresh.id], after(17 * minutesMs))).toEqual(saved(1));
    expect((await guard(after(17 * minutesMs))).latchedAt).toBeNull();
  });

  test("can end the approval before the change is made", async () => {
    const { ids, deactivate, heldIds, asOwner } = await heldStorm();
    const all = await heldIds();
    await decideHeld(home.database, asOwner(after(minutesMs)), { decision: "approved", ids: all });
    expect(await endDecisions(home.database, asOwner(after(2 * minutesMs)), all)).toEqual({ ok: true, value: 15 });
    expect(await deactivate(ids.slice(5), after(dayMs))).toEqual(tripped(15));
    const gone = { ok: false, error: { kind: "heldChangeNotFound" } };
    expect(await endDecisions(home.database, asOwner(after(dayMs)), all)).toEqual(gone);
  });
});

describe("an owner who rejects held changes", () => {
  test("keeps those people, at every later try and during a release, until the decision is ended", async () => {
    const { ids, deactivate, heldIds, asOwner } = await heldStorm();
    const all = await heldIds();
    await decideHeld(home.database, asOwner(now), { decision: "rejected", ids: all });
    const kept = Array<string>(15).fill("guardRejected");
    expect(await deactivate(ids.slice(5), after(minutesMs))).toEqual(kept);
    expect(await deactivate(ids.slice(5), after(dayMs))).toEqual(kept);
    await releaseGuard(home.database, asOwner(after(dayMs)));
    expect(await deactivate(ids.slice(5), after(dayMs))).toEqual(kept);
    await endDecisions(home.database, asOwner(after(2 * dayMs)), all.slice(0, 2));
    expect(await deactivate(ids.slice(5, 8), after(2 * dayMs))).toEqual([...saved(2), "guardRejected"]);
  });

  test("returns their names to the provider", async () => {
    const { tenant, ids, heldIds } = await heldStorm();
    await decideHeld(home.database, tenant.context, { decision: "rejected", ids: await heldIds() });
    expect(await tenant.write(ids[5] ?? "", () => ({ active: false }))).toMatchObject({
      refusal: { kind: "guardRejected", names: ["p05"] },
    });
  });
});

describe("an owner who deactivates one person now", () => {
  test("removes only that person's access, and the provider's next try changes nothing", async () => {
    const { tenant, ids, deactivate, held } = await heldStorm();
    const [first] = await held();
    expect(await deactivateHeld(home.database, tenant.context, first?.id ?? "")).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await deactivate(ids.slice(5))).toEqual([...saved(1), ...tripped(14)]);
    expect(await held()).toHaveLength(14);
    const again = await deactivateHeld(home.database, tenant.context, first?.id ?? "");
    expect(again).toEqual({ ok: false, error: { kind: "heldChangeNotFound" } });
  });

  test("removes a person whose deletion is held", async () => {
    const { tenant, ids, held } = await heldStorm();
    const last = ids[19] ?? "";
    await tenant.write(last, "delete");
    const change = (await held()).find(({ kind }) => kind === "member.deleted");
    await deactivateHeld(home.database, tenant.context, change?.id ?? "");
    expect((await held()).some(({ memberId }) => memberId === last)).toBe(false);
    expect(await tenant.write(last, "delete")).toMatchObject({ refusal: { kind: "memberNotFound" } });
  });
});

describe("a release", () => {
  test("lets everything pass for an hour and held changes at any later retry, and counts from zero", async () => {
    const { ids, deactivate, asOwner } = await heldStorm();
    expect(await releaseGuard(home.database, asOwner(now))).toEqual(after(60 * minutesMs));
    expect(await deactivate(ids.slice(5, 15), after(59 * minutesMs))).toEqual(saved(10));
    expect(await deactivate(ids.slice(15), after(61 * minutesMs))).toEqual(saved(5));
  });

  test("can be ended early", async () => {
    const { ids, deactivate, asOwner, guard } = await storm();
    await releaseGuard(home.database, asOwner(now));
    expect(await deactivate(ids.slice(0, 6), after(minutesMs))).toEqual(saved(6));
    await endGuardRelease(home.database, asOwner(after(2 * minutesMs)));
    expect(await guard(after(2 * minutesMs))).toMatchObject({ releasedUntil: null, losses: 0 });
    expect(await deactivate(ids.slice(6, 13), after(3 * minutesMs))).toEqual([...saved(5), ...tripped(2)]);
  });
});

test("a hold ends early only when everything is decided", async () => {
  const { ids, deactivate, heldIds, asOwner } = await heldStorm();
  const undecided = { ok: false, error: { kind: "guardUndecided", count: 15 } };
  expect(await resumeGuard(home.database, asOwner(after(minutesMs)))).toEqual(undecided);
  await decideHeld(home.database, asOwner(after(minutesMs)), {
    decision: "rejected",
    ids: (await heldIds()).slice(0, 14),
  });
  await decideHeld(home.database, asOwner(after(minutesMs)), {
    decision: "approved",
    ids: (await heldIds()).slice(0, 1),
  });
  expect(await resumeGuard(home.database, asOwner(after(2 * minutesMs)))).toEqual({ ok: true, value: undefined });
  expect(await deactivate(ids.slice(18), after(3 * minutesMs))).toEqual(["guardRejected", "saved"]);
});

test("turning the guard off lets everything pass and deletes held changes; turned on again, it counts from zero", async () => {
  const { ids, tenant, deactivate, held, asOwner } = await heldStorm();
  await setGuard(home.database, asOwner(after(minutesMs)), false);
  expect(await held()).toEqual([]);
  expect(await deactivate(ids.slice(5, 12), after(2 * minutesMs))).toEqual(saved(7));
  await setGuard(home.database, asOwner(after(3 * minutesMs)), true);
  expect(await deactivate(ids.slice(12), after(4 * minutesMs))).toEqual([...saved(5), ...tripped(3)]);
  expect(await mailsTo(tenant)).toBe(2);
});

test("an organization has at most 1,000 held changes; further ones are refused without a record", async () => {
  const { tenant, ids, held, deactivate } = await heldStorm();
  const fill = `insert into guard_hold (organization_id, id, member_id, kind, role_id, request_id, first_tried_at,
      last_tried_at, tries)
    select $1, gen_random_uuid(), $2, 'member.role_revoked', r.id, '', now(), now(), 1 from role r
    where r.organization_id = $1 and r.name_key like 'filler%'`;
  const roles = `insert into role (organization_id, id, name, name_key, kind, is_scim_created, is_linked, permissions, created_at,
      updated_at) select $1, gen_random_uuid(), 'Filler ' || n, 'filler ' || n, 'custom', false, false, '{}', now(), now()
    from generate_series(1, 985) n`;
  await home.rows(roles, [tenant.organizationId]);
  const grants = `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select $1, $2, r.id, 'group', now() from role r where r.organization_id = $1 and r.name_key like 'filler%'`;
  await home.rows(grants, [tenant.organizationId, ids[6]]);
  await home.rows(fill, [tenant.organizationId, ids[6]]);
  const fresh = await tenant.add(person("late@latch.example"));
  expect(await deactivate([fresh.id, ids[5] ?? ""])).toEqual(tripped(2));
  const changes = await held();
  expect(changes).toHaveLength(1000);
  expect(changes.some(({ memberId }) => memberId === fresh.id)).toBe(false);
  expect(changes.find(({ memberId }) => memberId === ids[5])?.tries).toBe(2);
});
