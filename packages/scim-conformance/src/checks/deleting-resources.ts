import { expectError, expectStatus, expectThat, stringAt } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Target } from "../target.ts";
import type { FaultName } from "../testing/faults.ts";
import {
  createsPerson,
  expectListed,
  expectShown,
  membersOf,
  noSuchMethod,
  replace,
  unknownReference,
} from "./write-kinds.ts";
import {
  bodyOfPerson,
  createGroup,
  groupPath,
  newGroup,
  nobodysId,
  patchOf,
  pathOf,
  personPath,
  read,
  references,
} from "./written-resource.ts";

const rename = replace("displayName", "Another");

const chapter: Chapter = { clause: "RFC 7644 section 3.6" };

const notDeleted: readonly FaultName[] = [
  "a DELETE that says yes and does nothing",
  "a DELETE of a user that only deactivates",
];

/** DELETE, and what is left of a resource afterwards: nothing. */
export const deletingResourcesChecks = checksOf(chapter, {
  "delete-user-is-204": {
    title: "A DELETE of a user is 204 without a body.",
    run: async (target) => expectDeleted(await target.delete(personPath(target, 5))),
    faults: ["a 200 for a DELETE"],
  },
  "delete-group-is-204": {
    title: "A DELETE of a group is 204 without a body.",
    run: async (target) => expectDeleted(await target.delete(pathOf("/Groups", await createGroup(target)))),
    faults: ["a 200 for a DELETE"],
  },
  "delete-then-get": {
    title: "A GET of what was deleted is 404.",
    run: async (target) => {
      for (const path of await deletedPaths(target)) expectError(await target.get(path), 404);
    },
    faults: [...notDeleted, "a 410 for what is gone"],
  },
  "delete-then-put": {
    title: "A PUT of what was deleted is 404, and does not bring it back.",
    run: async (target) => {
      const [user = "", group = ""] = await deletedPaths(target);
      expectError(await target.put(user, bodyOfPerson(target, 5)), 404);
      expectError(await target.put(group, newGroup(target)), 404);
      expectError(await target.get(user), 404);
    },
    faults: [...notDeleted, "a 200 for a PUT of what is gone"],
  },
  "delete-then-patch": {
    needs: "patch",
    title: "A PATCH of what was deleted is 404.",
    run: async (target) => {
      for (const path of await deletedPaths(target)) expectError(await target.patch(path, patchOf(rename)), 404);
    },
    faults: [...notDeleted, "a 204 for a PATCH of what is gone"],
  },
  "delete-twice": {
    title: "A DELETE of what was deleted is 404.",
    run: async (target) => {
      for (const path of await deletedPaths(target)) expectError(await target.delete(path), 404);
    },
    faults: [...notDeleted, "a 204 for a DELETE of nothing"],
  },
  "delete-nobody": {
    clause: "RFC 7644 section 3.12",
    title: "A DELETE of what never was is 404.",
    run: async (target) => {
      for (const path of [`/Users/${nobodysId}`, `/Groups/${nobodysId}`, "/Users/nobody"])
        expectError(await target.delete(path), 404);
    },
    faults: ["a 204 for a DELETE of nothing"],
  },
  "delete-unlists-user": {
    title: "A user who was deleted is in no list, whatever it looks for.",
    run: async (target) => {
      const { id, userName, externalId } = target.cast.person(5);
      expectStatus(await target.delete(personPath(target, 5)), 204);
      for (const filter of [`userName eq "${userName}"`, `externalId eq "${externalId}"`, `id eq "${id}"`])
        await expectListed(target, "/Users", filter, []);
    },
    faults: [...notDeleted, "a list that still shows what is gone"],
  },
  "delete-unlists-group": {
    title: "A group that was deleted is in no list.",
    run: async (target) => {
      const ids = target.cast.groups().map(({ id }) => id);
      expectStatus(await target.delete(pathOf("/Groups", await createGroup(target))), 204);
      await expectListed(target, "/Groups", `displayName sw "${target.cast.label}"`, ids);
    },
    faults: ["a DELETE that says yes and does nothing", "a list that still shows what is gone"],
  },
  "delete-leaves-groups": {
    title: "A user who was deleted is a member of no group.",
    run: async (target) => {
      expectStatus(await target.delete(personPath(target, 1)), 204);
      expectShown(target, await read(target, groupPath(target, 1)), { members: [2] });
    },
    faults: notDeleted,
  },
  "delete-frees-user-name": {
    title: "The userName and the externalId of a user who was deleted can be given again.",
    run: createsPerson(5, {}, ({ cast }) => ({ userName: cast.person(5).userName, active: true })),
    faults: [...notDeleted, "a userName that stays taken"],
  },
  "delete-frees-group-name": {
    title: "The displayName of a group that was deleted can be given again, to a group without its members.",
    run: async (target) => {
      const first = await createGroup(target, { members: membersOf(target, 1) });
      expectStatus(await target.delete(pathOf("/Groups", first)), 204);
      const second = await createGroup(target);
      expectThat(second, stringAt(second, "id") !== stringAt(first, "id"), "should have an id of its own");
      expectShown(target, await read(target, pathOf("/Groups", second)), { members: [] });
    },
    faults: ["a DELETE that says yes and does nothing"],
  },
  "delete-group-keeps-people": {
    title: "The members of a group that was deleted stay as they are.",
    run: async (target) => {
      const created = await createGroup(target, { members: membersOf(target, 1) });
      expectStatus(await target.delete(pathOf("/Groups", created)), 204);
      const { userName } = target.cast.person(1);
      expectShown(target, await read(target, personPath(target, 1)), { active: true, userName });
    },
    faults: ["people who are deactivated along with their group"],
  },
  "delete-then-add-as-member": {
    clause: "RFC 7644 section 3.12",
    title: "A user who was deleted cannot become a member of a group.",
    run: async (target) => {
      const { id } = target.cast.person(5);
      expectStatus(await target.delete(personPath(target, 5)), 204);
      expectError(await target.post("/Groups", newGroup(target, { members: references(id) })), ...unknownReference);
    },
    faults: notDeleted,
  },
  "delete-endpoint-refused": {
    clause: "RFC 7644 section 3.2",
    title: "A DELETE of an endpoint, and not of a resource, is refused and deletes nothing.",
    run: async (target) => {
      expectError(await target.delete("/Groups"), ...noSuchMethod);
      await read(target, groupPath(target, 1));
    },
    faults: ["a DELETE of an endpoint"],
  },
});

/** The addresses of a user and of a group that have just been deleted. */
async function deletedPaths(target: Target): Promise<readonly string[]> {
  const paths = [personPath(target, 5), pathOf("/Groups", await createGroup(target))];
  for (const path of paths) expectStatus(await target.delete(path), 204);
  return paths;
}

function expectDeleted(response: ScimResponse): void {
  expectStatus(response, 204);
  expectThat(response, response.text === "", "should have no body");
}
