import { guardWindowMs } from "@rollcall/domain";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Database } from "../store/database.ts";
import { changeRole } from "../scim/role-write.ts";
import { now, openScimDatabase, person, request, writesOf, type Tenant } from "../testing/scim-database.ts";
import { decideHeld } from "./guard-decision.ts";
import { setGuard } from "./guard-settings.ts";
import { listHeldChanges } from "./held-change.ts";

const home = await openScimDatabase();
const processes = [home.database, await home.openAgain()] as const;
let count = 0;

const peopleCount = 12;
const limit = 5;
const someone = fc.nat({ max: peopleCount - 1 });
const takings = ["deactivate", "delete"] as const;
const harmless = ["rename", "reactivate"] as const;

type Act =
  | { readonly kind: (typeof takings)[number] | (typeof harmless)[number]; readonly who: number }
  | { readonly kind: "expel"; readonly group: readonly number[] };
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom(...takings), who: someone }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom(...harmless), who: someone }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("expel"), group: fc.uniqueArray(someone, { maxLength: 4 }) }) },
);
/** Concurrent actions, each in one of two processes, and the minutes until the next step. */
const moment = fc.record({
  acts: fc.array(fc.record({ act, process: fc.constantFrom(0, 1) }), { minLength: 1, maxLength: 6 }),
  minutes: fc.constantFrom(0, 0, 1, 7, 16),
});

type Scene = { readonly tenant: Tenant; readonly ids: readonly string[]; readonly groupId: string };

async function scene(): Promise<Scene> {
  const name = `interleaved${count++}`;
  const tenant = await home.newTenant(name);
  await setGuard(home.database, tenant.context, true);
  const ids: string[] = [];
  for (let index = 0; index < peopleCount; index++) {
    ids.push((await tenant.add(person(`p${index}@${name}.example`))).id);
  }
  return { tenant, ids, groupId: await tenant.addGroup("Sales", ids) };
}

async function perform(database: Database, { tenant, ids, groupId }: Scene, input: Act, at: Date): Promise<string> {
  const time = { ...request, now: at };
  const idOf = (place: number): string => ids[place] ?? "";
  if (input.kind === "expel") {
    const members = [{ kind: "remove", memberIds: input.group.map(idOf) }] as const;
    const pushed = await changeRole(database, { ...time, credential: tenant.credential }, groupId, { members });
    return pushed.kind === "refused" ? pushed.refusal.kind : pushed.kind;
  }
  const intents = {
    deactivate: () => ({ active: false }),
    delete: "delete",
    rename: () => ({ givenName: `G${at.getTime()}` }),
    reactivate: () => ({ active: true }),
  } as const;
  const outcome = await writesOf(database, tenant.request, tenant.organizationId).write(
    idOf(input.who),
    intents[input.kind],
    time,
  );
  return outcome.kind === "refused" ? outcome.refusal.kind : outcome.kind;
}

/** The losses to the provider, oldest first; what a person without access loses is none. */
async function losses({ tenant }: Scene): Promise<readonly { readonly at: number; readonly who: unknown }[]> {
  const text = `select at, subject_id as who from change c where organization_id = $1 and refusal is null
    and kind in ('member.deactivated', 'member.deleted', 'member.role_revoked') and actor_kind = 'token'
    and not (kind = 'member.deleted' and before ->> 'active' = 'false')
    and not (kind = 'member.role_revoked' and coalesce((select a.kind from change a
      where a.organization_id = c.organization_id and a.subject_id = c.subject_id and a.refusal is null and a.id < c.id
        and a.kind in ('member.deactivated', 'member.reactivated') order by a.id desc limit 1), '') = 'member.deactivated')
    order by at, id`;
  const found = await home.rows(text, [tenant.organizationId]);
  return found.map(({ at, who }) => ({ at: at instanceof Date ? at.getTime() : 0, who }));
}

// The limit applies across processes, and held changes stay held until a decision.
test("over any interleaving in two processes no more than the limit passes, and nothing once the guard holds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 3, maxLength: 8 }), async (moments) => {
      const playing = await scene();
      let at = now;
      let lostWhenLatched: number | undefined;
      for (const { acts, minutes } of moments) {
        const outcomes = await Promise.all(
          acts.map(({ act: input, process }) =>
            perform(process === 0 ? processes[0] : processes[1], playing, input, at),
          ),
        );
        const lost = await losses(playing);
        for (const { at: end } of lost) {
          const inWindow = lost.filter((one) => one.at <= end && one.at > end - guardWindowMs);
          expect(new Set(inWindow.map(({ who }) => who)).size).toBeLessThanOrEqual(limit);
        }
        if (lostWhenLatched !== undefined) expect(lost.length).toBe(lostWhenLatched);
        if (outcomes.includes("guardTripped")) lostWhenLatched = lost.length;
        const refusedHarmless = acts.filter(
          ({ act: input }, place) =>
            (input.kind === "rename" || input.kind === "reactivate") && outcomes[place] === "guardTripped",
        );
        expect(refusedHarmless).toEqual([]);
        at = new Date(at.getTime() + minutes * 60_000);
      }
      await expectAllPass(playing, at);
    }),
    { numRuns: 30, seed: 20_261_129 },
  );
}, 120_000);

/** After the approval every held change passes at its next try, from either process. */
async function expectAllPass(playing: Scene, at: Date): Promise<void> {
  const held = await listHeldChanges(home.database.sql, playing.tenant.organizationId);
  if (held.length === 0) return;
  const context = { ...playing.tenant.context, now: at };
  await decideHeld(home.database, context, { decision: "approved", ids: held.map(({ id }) => id) });
  const placeOf = (memberId: string): number => playing.ids.indexOf(memberId);
  const outcomes = await Promise.all(
    held.map(({ kind, memberId }, place) => {
      const input: Act =
        kind === "member.role_revoked"
          ? { kind: "expel", group: [placeOf(memberId)] }
          : { kind: kind === "member.deleted" ? "delete" : "deactivate", who: placeOf(memberId) };
      return perform(place % 2 === 0 ? processes[0] : processes[1], playing, input, new Date(at.getTime() + 60_000));
    }),
  );
  // A person whose deletion passed first no longer exists.
  expect(outcomes.filter((outcome) => outcome !== "saved" && outcome !== "memberNotFound")).toEqual([]);
  expect(await listHeldChanges(home.database.sql, playing.tenant.organizationId)).toEqual([]);
}
