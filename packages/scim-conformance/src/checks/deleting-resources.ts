import { expectError, expectStatus, expectThat, pathOf, stringAt } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { patchOf, unknownId } from "../request-body.ts";
import type { Target } from "../target.ts";
import type { FaultName } from "../testing/faults.ts";
import {
  createsPerson,
  expectListed,
  expectRead,
  noSuchMethod,
  refuses,
  refusesPost,
  rename,
  unknownReference,
} from "./write-kinds.ts";

const notDeleted: readonly FaultName[] = [
  "a DELETE that succeeds and does nothing",
  "a DELETE of a user that only deactivates",
];

const chapter: Chapter = { clause: "RFC 7644 section 3.6" };

/** DELETE, and that nothing of a resource is left afterwards. */
export const deletingResourcesChecks = checksOf(chapter, {
  "delete-user-is-204": check("A DELETE of a user is 204 without a body.")
    .run(async (target) => expectDeleted(await target.delete(target.person(5).path)))
    .faults("a 200 for a DELETE"),
  "delete-group-is-204": check("A DELETE of a group is 204 without a body.")
    .run(async (target) => expectDeleted(await target.delete(pathOf(await target.createGroup()))))
    .faults("a 200 for a DELETE"),
  "delete-then-get": check("A GET of a deleted resource is 404.")
    .run(isGoneFor((target, path) => target.get(path)))
    .faults(...notDeleted, "a 410 for a deleted resource"),
  "delete-then-put": check("A PUT of a deleted resource is 404 and does not create it again.")
    .run(async (target) => {
      const [user = "", group = ""] = await deletedPaths(target);
      expectError(await target.put(user, target.personBody(5)), 404);
      expectError(await target.put(group, target.newGroup()), 404);
      expectError(await target.get(user), 404);
    })
    .faults(...notDeleted, "a 200 for a PUT of a deleted resource"),
  "delete-then-patch": check("A PATCH of a deleted resource is 404.")
    .needs("patch")
    .run(isGoneFor((target, path) => target.patch(path, patchOf(rename))))
    .faults(...notDeleted, "a 204 for a PATCH of a deleted resource"),
  "delete-twice": check("A DELETE of a deleted resource is 404.")
    .run(isGoneFor((target, path) => target.delete(path)))
    .faults(...notDeleted, "a 204 for a DELETE of nothing"),
  "delete-nobody": check("A DELETE of a resource that never existed is 404.")
    .clause("RFC 7644 section 3.12")
    .run(
      refuses(
        [404],
        (target) => target.delete(`/Users/${unknownId}`),
        (target) => target.delete(`/Groups/${unknownId}`),
        (target) => target.delete("/Users/nobody"),
      ),
    )
    .faults("a 204 for a DELETE of nothing"),
  "delete-unlists-user": check("A deleted user is in no list, whatever its filter.")
    .run(async (target) => {
      const { id, userName, externalId, path } = target.person(5);
      await target.remove(path);
      for (const filter of [`userName eq "${userName}"`, `externalId eq "${externalId}"`, `id eq "${id}"`])
        await expectListed(target, "/Users", filter, []);
    })
    .faults(...notDeleted, "a list that still shows a deleted resource"),
  "delete-unlists-group": check("A deleted group is in no list.")
    .run(async (target) => {
      const ids = target.groups().map(({ id }) => id);
      await target.remove(pathOf(await target.createGroup()));
      await expectListed(target, "/Groups", `displayName sw "${target.label}"`, ids);
    })
    .faults("a DELETE that succeeds and does nothing", "a list that still shows a deleted resource"),
  "delete-leaves-groups": check("A deleted user is a member of no group.")
    .run(async (target) => {
      await target.remove(target.person(1).path);
      await expectRead(target, target.group(1).path, { members: [2] });
    })
    .faults(...notDeleted),
  "delete-frees-user-name": check("The userName and the externalId of a deleted user can be used again.")
    .run(createsPerson(5, {}, ({ person }) => ({ userName: person(5).userName, active: true })))
    .faults(...notDeleted, "a userName that stays taken"),
  "delete-frees-group-name": check("The displayName of a deleted group can be used again, without its members.")
    .run(async (target) => {
      const first = await target.createGroup({ members: target.members(1) });
      await target.remove(pathOf(first));
      const second = await target.createGroup();
      expectThat(second, stringAt(second, "id") !== stringAt(first, "id"), "should have an id of its own");
      await expectRead(target, pathOf(second), { members: [] });
    })
    .faults("a DELETE that succeeds and does nothing"),
  "delete-group-keeps-people": check("The members of a deleted group stay as they are.")
    .run(async (target) => {
      await target.remove(pathOf(await target.createGroup({ members: target.members(1) })));
      const { path, userName } = target.person(1);
      await expectRead(target, path, { active: true, userName });
    })
    .faults("people who are deactivated along with their group"),
  "delete-then-add-as-member": check("A deleted user cannot become a member of a group.")
    .clause("RFC 7644 section 3.12")
    .run(async (target) => {
      const members = target.members(5);
      await target.remove(target.person(5).path);
      await refusesPost("/Groups", unknownReference, target.newGroup({ members }))(target);
    })
    .faults(...notDeleted),
  "delete-endpoint-refused": check("A DELETE of an endpoint instead of a resource is refused and deletes nothing.")
    .clause("RFC 7644 section 3.2")
    .run(async (target) => {
      await refuses(noSuchMethod, () => target.delete("/Groups"))(target);
      await target.read(target.group(1).path);
    })
    .faults("a DELETE of an endpoint"),
});

/** Expects 404 for a request to a user and to a group that have just been deleted. */
function isGoneFor(request: (target: Target, path: string) => Promise<ScimResponse>): Check["run"] {
  return async (target) => {
    for (const path of await deletedPaths(target)) expectError(await request(target, path), 404);
  };
}

/** The paths of a user and of a group that have just been deleted. */
async function deletedPaths(target: Target): Promise<readonly string[]> {
  const paths = [target.person(5).path, pathOf(await target.createGroup())];
  for (const path of paths) await target.remove(path);
  return paths;
}

function expectDeleted(response: ScimResponse): void {
  expectStatus(response, 204);
  expectThat(response, response.text === "", "should have no body");
}
