import { mappingFor, type GroupMapping } from "@rollcall/domain";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { mappingScene, type MappingScene } from "./testing/mapping-scene.ts";
import { openScimDatabase, rows, write, type ScimDatabase } from "./testing/scim-database.ts";

let home: ScimDatabase;
beforeAll(async () => {
  home = await openScimDatabase(inject("postgresUrl"));
});
afterAll(() => home.close());

const peopleCount = 4;
const groupCount = 3;
const place = (count: number) => fc.nat({ max: count - 1 });
const some = fc.uniqueArray(place(peopleCount), { maxLength: peopleCount });

/** Anything that may move a mapped role, with people, groups and targets by their places. */
type Act =
  | { readonly kind: "add" | "remove" | "set"; readonly group: number; readonly people: readonly number[] }
  | { readonly kind: "active"; readonly person: number; readonly active: boolean }
  | { readonly kind: "map"; readonly groups: readonly number[]; readonly targets: readonly number[] };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom("add", "remove", "set"), group: place(groupCount), people: some }),
  fc.record({ kind: fc.constant("active"), person: place(peopleCount), active: fc.boolean() }),
  fc.record({
    kind: fc.constant("map"),
    groups: fc.uniqueArray(place(groupCount), { maxLength: groupCount }),
    targets: fc.array(place(2), { minLength: groupCount, maxLength: groupCount }),
  }),
);

// Guards "applied continuously": whatever happened, and at whatever same moment, the grants are what the rule says now.
test.each(["one after the other", "at the same moment"])(
  "after any acts %s, mapped roles are the rule applied to the present state",
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
        // Two lists that are saved at once are one list that has moved, which is refused.
        if (isTogether) await Promise.all(acts.filter(({ kind }, index) => kind !== "map" || index === 0).map(run));
        else for (const one of acts) await run(one);
        const { is, should } = await stateOf(scene);
        expect(is).toEqual(should);
      }),
      { numRuns: 15 },
    );
  },
);

async function perform(
  scene: MappingScene,
  people: readonly string[],
  groups: readonly string[],
  one: Act,
): Promise<void> {
  if (one.kind === "active") {
    const { active } = one;
    await write(home.database, scene.tenant, at(people, one.person), () => ({ active }));
  } else if (one.kind === "map") {
    const targets = [scene.senior, scene.junior];
    await scene.map(
      ...one.groups.map((group, index) => [at(groups, group), at(targets, one.targets[index] ?? 0)] as const),
    );
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

/** Everybody's mapped roles and whether somebody with access has a role, as it is and as the rule wants it. */
async function stateOf({ tenant }: MappingScene): Promise<{ readonly is: unknown; readonly should: unknown }> {
  const { organizationId } = tenant;
  const text = `select group_id as "groupId", target_id as "targetId" from group_mapping
    where organization_id = $1 order by position`;
  const mapping = z.object({ groupId: z.string(), targetId: z.string() });
  const mappings: GroupMapping[] = (await rows(home.database, text, [organizationId])).map((row) => mapping.parse(row));
  const people = (await rows(home.database, state, [organizationId])).map((row) => stateRow.parse(row));
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
