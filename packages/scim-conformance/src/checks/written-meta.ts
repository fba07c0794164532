import { expectSame, expectThat, stringAt } from "../assertion.ts";
import { at } from "../json.ts";
import { checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import {
  add,
  memberPath,
  membersOf,
  patches,
  pathOfCast,
  puts,
  putsGroup,
  remove,
  replace,
  type CastName,
} from "./write-kinds.ts";
import {
  bodyOfGroup,
  bodyOfPerson,
  createGroup,
  groupPath,
  groupSchema,
  nobodysId,
  patchAndRead,
  patchOf,
  pathOf,
  personPath,
  read,
  references,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7643 section 3.1", needs: "patch" };

/** What writes do to `meta`. */
export const writtenMetaChecks = checksOf(chapter, {
  "meta-of-new-resource": {
    needs: [],
    title: "A new resource was last modified when it was created, which is a dateTime of about now.",
    run: async (target) => {
      const created = await createGroup(target);
      const instant = stringAt(created, "meta.created");
      expectSame(created, "lastModified", at(created.body, "meta.lastModified"), instant);
      const date = Date.parse(created.headers.get("date") ?? new Date().toISOString());
      const isDateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(instant);
      const isNow = Math.abs(Date.parse(instant) - date) < clockDifferenceMaxMs;
      expectThat(created, isDateTime && isNow, `should be created about now, not at ${instant}`);
    },
    faults: [
      "a new resource that was modified before it was created",
      "a created in another form",
      "a created of long ago",
    ],
  },
  "meta-resource-type-of-written": {
    needs: [],
    title: "The meta.resourceType of what is created and replaced is the name of its type.",
    run: async (target) => {
      const group = await createGroup(target);
      expectSame(group, "meta.resourceType", at(group.body, "meta.resourceType"), "Group");
      const user = await target.put(personPath(target, 1), bodyOfPerson(target, 1));
      expectSame(user, "meta.resourceType", at(user.body, "meta.resourceType"), "User");
    },
    faults: ["a resourceType in lower case", "a resourceType that is the endpoint"],
  },
  "meta-moves-with-put": {
    needs: [],
    title: "A PUT that changes a user moves lastModified on and leaves created.",
    run: moves("person 1", puts(1, { displayName: "Another" }, {})),
    faults: ["a lastModified that nothing moves", "a created that moves along with lastModified"],
  },
  "meta-moves-with-patch": {
    title: "A PATCH that changes a user moves lastModified on and leaves created.",
    run: moves("person 1", patches("person 1", [replace("active", false)], {})),
    faults: ["a lastModified that nothing moves", "a created that moves along with lastModified"],
  },
  "meta-moves-with-name-part": {
    title: "A PATCH of a part of a name moves lastModified on.",
    run: moves("person 1", patches("person 1", [replace("name.familyName", "King")], {})),
    faults: ["a lastModified that nothing moves", "a created that moves along with lastModified"],
  },
  "meta-moves-with-group-name": {
    needs: [],
    title: "A PUT that renames a group moves its lastModified on and leaves created.",
    run: moves(
      "group 1",
      putsGroup((target) => bodyOfGroup(target, { displayName: `${target.cast.label}-Renamed` }), {}),
    ),
    faults: ["a lastModified that nothing moves", "a created that moves along with lastModified"],
  },
  "meta-moves-with-added-member": {
    title: "A member more moves the lastModified of the group.",
    run: moves(
      "group 1",
      patches("group 1", (target) => [add("members", membersOf(target, 5))], {}),
    ),
    faults: ["a lastModified that nothing moves", "a created that moves along with lastModified"],
  },
  "meta-moves-with-removed-member": {
    title: "A member less moves the lastModified of the group.",
    run: moves(
      "group 1",
      patches("group 1", (target) => [remove(memberPath(target, 1))], {}),
    ),
    faults: ["a lastModified that nothing moves", "a created that moves along with lastModified"],
  },
  "meta-stays-when-refused": {
    title: "Writes that are refused leave lastModified where it is.",
    run: async (target) => {
      const path = groupPath(target, 1);
      const before = await read(target, path);
      const value = [...membersOf(target, 5), ...references(nobodysId)];
      const refusals = [
        await target.put(path, { schemas: [groupSchema] }),
        await target.patch(path, patchOf(add("members", value))),
      ];
      for (const refused of refusals) expectThat(refused, refused.status >= 400, "should be refused");
      const after = await read(target, path);
      expectSame(after, "meta as it was", at(after.body, "meta"), at(before.body, "meta"));
    },
    faults: ["a lastModified that a refused write moves"],
  },
  "meta-location-stays": {
    title: "The address of a resource stays the same whatever is changed of it.",
    run: async (target) => {
      const created = await createGroup(target);
      const path = pathOf("/Groups", created);
      const displayName = `${target.cast.label}-Renamed`;
      const found = await patchAndRead(target, path, { op: "replace", path: "displayName", value: displayName });
      expectSame(found, "displayName", at(found.body, "displayName"), displayName);
      expectSame(found, "meta.location", at(found.body, "meta.location"), at(created.body, "meta.location"));
    },
    faults: ["an address that changes with the name"],
  },
});

/** Clocks of two machines may differ. */
const clockDifferenceMaxMs = 5 * 60 * 1000;

/** Expects that a change moves the lastModified of one of the cast on and leaves created. */
function moves(name: CastName, change: Check["run"]): Check["run"] {
  return async (target) => {
    const path = pathOfCast(target, name);
    const before = await read(target, path);
    await change(target);
    const after = await read(target, path);
    const [earlier, later] = [instantOf(before), instantOf(after)];
    expectThat(after, later > earlier, `should have a lastModified after ${new Date(earlier).toISOString()}`);
    expectSame(after, "meta.created", at(after.body, "meta.created"), at(before.body, "meta.created"));
  };
}

function instantOf(response: ScimResponse): number {
  return Date.parse(stringAt(response, "meta.lastModified"));
}
