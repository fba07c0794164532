import { expectMember, expectThat, pathOf, stringAt } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import { at } from "../json.ts";
import { add, groupSchema, memberPath, patchOf, references, remove, replace, unknownId } from "../request-body.ts";
import type { Target } from "../target.ts";
import type { FaultName } from "../testing/faults.ts";
import { dateTime } from "./reading.ts";
import { another, comparesAfter, expectRead, patches, puts, putsGroup, type FixtureName } from "./write-kinds.ts";

const timeFaults: readonly FaultName[] = [
  "a lastModified that nothing moves",
  "a created that moves along with lastModified",
];

const chapter: Chapter = { clause: "RFC 7643 section 3.1", needs: ["patch"] };

/** What writes do to `meta`. */
export const writtenMetaChecks = checksOf(chapter, {
  "meta-of-new-resource": check("A new resource has the same created and lastModified, a dateTime of about now.")
    .needs()
    .run(async (target) => {
      const created = await target.createGroup();
      const instant = stringAt(created, "meta.created");
      expectMember(created, "meta.lastModified", instant);
      const date = Date.parse(created.headers.get("date") ?? new Date().toISOString());
      const isNow = Math.abs(Date.parse(instant) - date) < clockDifferenceMaxMs;
      expectThat(created, dateTime.test(instant) && isNow, `should be created about now, not at ${instant}`);
    })
    .faults(
      "a new resource that was modified before it was created",
      "a created in another form",
      "a created of long ago",
    ),
  "meta-resource-type-of-written": check("The meta.resourceType of a created or replaced resource is its type.")
    .needs()
    .run(async (target) => {
      expectMember(await target.createGroup(), "meta.resourceType", "Group");
      expectMember(await target.replacePerson(1), "meta.resourceType", "User");
    })
    .faults("a resourceType in lower case", "a resourceType that is the endpoint"),
  "meta-moves-with-put": check("A PUT that changes a user advances lastModified and leaves created.")
    .needs()
    .run(advancesLastModified("person 1", puts(1, another, {})))
    .faults(...timeFaults),
  "meta-moves-with-patch": check("A PATCH that changes a user advances lastModified and leaves created.")
    .run(advancesLastModified("person 1", patches("person 1", [replace("active", false)], {})))
    .faults(...timeFaults),
  "meta-moves-with-name-part": check("A PATCH of a part of a name advances lastModified.")
    .run(advancesLastModified("person 1", patches("person 1", [replace("name.familyName", "King")], {})))
    .faults(...timeFaults),
  "meta-moves-with-group-name": check("A PUT that renames a group advances its lastModified and leaves created.")
    .needs()
    .run(
      advancesLastModified(
        "group 1",
        putsGroup((target) => target.groupBody({ displayName: `${target.label}-Renamed` }), {}),
      ),
    )
    .faults(...timeFaults),
  "meta-moves-with-added-member": check("Adding a member advances the lastModified of the group.")
    .run(patchAdvancesGroup(({ members }) => add("members", members(5))))
    .faults(...timeFaults),
  "meta-moves-with-removed-member": check("Removing a member advances the lastModified of the group.")
    .run(patchAdvancesGroup(({ person }) => remove(memberPath(person(1)))))
    .faults(...timeFaults),
  "meta-stays-when-refused": check("Writes that are refused leave meta as it is.")
    .run(
      comparesAfter(
        "group 1",
        async (target) => {
          const { path } = target.group(1);
          const value = [...target.members(5), ...references(unknownId)];
          const refusals = [
            await target.put(path, { schemas: [groupSchema] }),
            await target.patch(path, patchOf(add("members", value))),
          ];
          for (const refused of refusals) expectThat(refused, refused.status >= 400, "should be refused");
        },
        (after, before) => expectMember(after, "meta", at(before.body, "meta")),
      ),
    )
    .faults("a lastModified that a refused write moves"),
  "meta-location-stays": check("The location of a resource stays the same when its name is changed.")
    .run(async (target) => {
      const created = await target.createGroup();
      const displayName = `${target.label}-Renamed`;
      await target.change(pathOf(created), replace("displayName", displayName));
      await expectRead(target, pathOf(created), {
        displayName,
        "meta.location": at(created.body, "meta.location"),
      });
    })
    .faults("an address that changes with the name"),
});

/** Clocks of two machines may differ. */
const clockDifferenceMaxMs = 5 * 60 * 1000;

/** Expects that a change advances the lastModified of a resource and leaves created. */
function advancesLastModified(name: FixtureName, change: Check["run"]): Check["run"] {
  return comparesAfter(name, change, (after, before) => {
    const [earlier, later] = [before, after].map((response) => Date.parse(stringAt(response, "meta.lastModified")));
    const isLater = earlier !== undefined && later !== undefined && later > earlier;
    expectThat(after, isLater, `should have a lastModified after ${stringAt(before, "meta.lastModified")}`);
    expectMember(after, "meta.created", at(before.body, "meta.created"));
  });
}

function patchAdvancesGroup(operation: (target: Target) => object): Check["run"] {
  return advancesLastModified(
    "group 1",
    patches("group 1", (target) => [operation(target)], {}),
  );
}
