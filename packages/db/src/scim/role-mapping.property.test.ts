import { mappingFor, type GroupMapping } from "@rollcall/domain";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { listMappings, previewMappings } from "../role-mapping/group-mappings.ts";
import { mappingScene, type MappingScene } from "../testing/mapping-scene.ts";
import { openScimDatabase } from "../testing/scim-database.ts";

const home = await openScimDatabase();

const peopleCount = 4;
const groupCount = 3;
const place = (count: number) => fc.nat({ max: count - 1 });
const some = fc.uniqueArray(place(peopleCount), { maxLength: peopleCount });

/** An action that may change a mapped role, with people, groups and targets by index. */
type Act =
  | { readonly kind: "add" | "remove" | "set"; readonly group: number; readonly people: readonly number[] }
  | { readonly kind: "active"; readonly person: number; readonly active: boolean }
  | { readonly kind: "map"; readonly groups: readonly number[]; readonly targets: readonly number[] };

const mapAct = fc.record({
  kind: fc.constant("map"),
  groups: fc.uniqueArray(place(groupCount), { maxLength: groupCount }),
  targets: fc.array(place(2), { minLength: groupCount, maxLength: groupCount }),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom("add", "remove", "set"), group: place(groupCount), people: some }),
  fc.record({ kind: fc.constant("active"), person: place(peopleCount), active: fc.boolean() }),
  mapAct,
);

// Mapped grants must follow the rule continuously, also after concurrent actions.
test.each(["one after the other", "at the same moment"])(
  "after any actions %s, mapped roles follow the rule for the current state",
  async (how) => {
    let runs = 0;
    const isTogether = how === "at the same moment";
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
        const scene = await mappingScene(home.database, `Any${isTogether ? "Together" : "Alone"}${++runs}`);
        const people = await Promise.all(numbers(peopleCount).map((n) => scene.person(`p${n}`)));
        const groups = await Promise.all(numbers(groupCount).map((n) => scene.group(`G${n}`, [])));
        await scene.map([at(groups, 0), scene.senior], [at(groups, 1), scene.junior]);
        const run = (one: Act): Promise<void> => perform(scene, people, groups, one);
        // The second of two concurrently saved lists is refused.
        if (isTogether) await Promise.all(acts.filter(({ kind }, index) => kind !== "map" || index === 0).map(run));
        else for (const one of acts) await run(one);
        const { is, should } = await stateOf(scene);
        expect(is).toEqual(should);
      }),
      { numRuns: 15 },
    );
  },
);

// A preview must have no rules of its own.
test("a preview equals the effect of saving on the roles of active people", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 5 }), mapAct, async (acts, last) => {
      const scene = await mappingScene(home.database, `Previewed${++runs}`);
      const people = await Promise.all(numbers(peopleCount).map((n) => scene.person(`p${n}`)));
      const groups = await Promise.all(numbers(groupCount).map((n) => scene.group(`G${n}`, [])));
      for (const one of acts) await perform(scene, people, groups, one);
      const basis = await listMappings(home.database.sql, scene.tenant.organizationId);
      const mappings = pairsOf(scene, groups, last).map(([groupId, targetId]) => ({ groupId, targetId }));
      const preview = await previewMappings(home.database, scene.tenant.context, { mappings, basis });
      const before = await holdersOf(scene);
      await scene.map(...pairsOf(scene, groups, last));
      const after = await holdersOf(scene);
      const said = preview.ok ? preview.value.map(({ role, isGain, count }) => [role, isGain, count]) : preview;
      expect(said).toEqual([...differenceOf(before, after, false), ...differenceOf(after, before, true)]);
    }),
    { numRuns: 15 },
  );
});

/** The complete list of an action, as pairs. */
function pairsOf(
  { senior, junior }: MappingScene,
  groups: readonly string[],
  { groups: places, targets }: Pick<Extract<Act, { kind: "map" }>, "groups" | "targets">,
): readonly (readonly [string, string])[] {
  return places.map((group, index) => [at(groups, group), at([senior, junior], targets[index] ?? 0)]);
}

/** The active holders of each role from any source, as `role/person`. */
async function holdersOf({ tenant }: MappingScene): Promise<readonly string[]> {
  const text = `select distinct r.name || '/' || g.member_id as held from role_grant g
    join role r on r.organization_id = g.organization_id and r.id = g.role_id
    join member m on m.organization_id = g.organization_id and m.id = g.member_id and m.active
    where g.organization_id = $1 order by 1`;
  return (await home.rows(text, [tenant.organizationId])).map((row) => String(row["held"]));
}

/** The number of people per role who have it in `here` and not in `there`, by the role's name. */
function differenceOf(here: readonly string[], there: readonly string[], isGain: boolean): readonly unknown[] {
  const more = here.filter((one) => !there.includes(one)).map((one) => one.split("/")[0]);
  return [...new Set(more)].map((role) => [role, isGain, more.filter((one) => one === role).length]);
}

async function perform(
  scene: MappingScene,
  people: readonly string[],
  groups: readonly string[],
  one: Act,
): Promise<void> {
  if (one.kind === "active") {
    const { active } = one;
    await scene.tenant.write(at(people, one.person), () => ({ active }));
  } else if (one.kind === "map") {
    await scene.map(...pairsOf(scene, groups, one));
  } else {
    await scene.push(
      at(groups, one.group),
      one.kind,
      one.people.map((n) => at(people, n)),
    );
  }
}

const stateRow = z.object({
  active: z.boolean(),
  groups: z.array(z.string()),
  mapped: z.array(z.string()),
  total: z.number(),
});
const state = `select m.active, array_remove(array_agg(case when g.source = 'group' then g.role_id end), null) as groups,
    array_remove(array_agg(case when g.source = 'mapping' then g.role_id end), null) as mapped, count(g.role_id)::int as total
  from member m left join role_grant g on g.organization_id = m.organization_id and g.member_id = m.id
  where m.organization_id = $1 and m.is_managed group by m.organization_id, m.id`;

/** Everybody's mapped roles, and whether each person with access has a role: actual and by the rule. */
async function stateOf({ tenant }: MappingScene): Promise<{ readonly is: unknown; readonly should: unknown }> {
  const { organizationId } = tenant;
  const text = `select group_id as "groupId", target_id as "targetId" from group_mapping
    where organization_id = $1 order by position`;
  const mapping = z.object({ groupId: z.string(), targetId: z.string() });
  const mappings: GroupMapping[] = (await home.rows(text, [organizationId])).map((row) => mapping.parse(row));
  const people = (await home.rows(state, [organizationId])).map((row) => stateRow.parse(row));
  return {
    is: people.map(({ active, mapped, total }) => [mapped, !active || total > 0]),
    should: people.map(({ groups }) => {
      const decides = mappingFor(mappings, new Set(groups));
      return [decides === undefined ? [] : [decides.targetId], true];
    }),
  };
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function at(ids: readonly string[], index: number): string {
  const id = ids[index];
  if (id === undefined) throw new Error(`There is no ${index}.`);
  return id;
}
