import { expectMember, expectSame, expectThat, integerAt, listSchema, resourcesOf } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import { at, isObject, shown } from "../json.ts";
import { expectSchema } from "./discovery.ts";
import { expectPeople, queryPeople, quoted } from "./query-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.4.2", needs: ["filter"] };

/** The form of a list. */
export const listResponseChecks = checksOf(chapter, {
  "list-has-schema": check("The lists of people and of groups have the ListResponse schema.")
    .needs()
    .run(async (target) => {
      expectSchema(await target.get("/Users", { count: 1 }), listSchema);
      expectSchema(await target.get("/Groups", { count: 1 }), listSchema);
    })
    .faults("a list without its schema"),
  "list-numbers-are-integers": check("totalResults, startIndex and itemsPerPage are integers, not texts.")
    .needs()
    .run(async (target) => {
      for (const path of ["/Users", "/Groups"]) {
        const response = await target.get(path, { count: 2, startIndex: 1 });
        for (const name of ["totalResults", "startIndex", "itemsPerPage"])
          expectThat(response, integerAt(response, name) >= 0, `should hold a ${name} that is not negative`);
      }
    })
    .faults("a list whose numbers are texts"),
  "list-holds-everybody": check("The list holds all people that the query selects, also inactive ones.")
    .run(async (target) => expectPeople(await queryPeople(target), [1, 2, 3, 4, 5]))
    .faults("a list without inactive people"),
  "list-items-per-page-counts": check("itemsPerPage is the number of resources on the page.")
    .run(async (target) => {
      for (const count of [2, 5, 100]) {
        const { response, numbers } = await queryPeople(target, { count });
        expectMember(response, "itemsPerPage", numbers.length);
      }
    })
    .faults("itemsPerPage as it was asked for"),
  "list-shows-resources-whole": check("A person in a list is the same as the person read by id.")
    .run(async (target) => {
      const { response } = await queryPeople(target);
      for (const listed of resourcesOf(response)) {
        const read = await target.get(`/Users/${String(listed["id"])}`);
        expectSame(response, "the person as read by id", listed, read.body);
      }
    })
    .faults("a list that shows less than the resource"),
  "list-shows-groups-whole": check("A group in a list is the same as the group read by id.")
    .run(async (target) => {
      const { displayName, path } = target.group(1);
      const response = await target.get("/Groups", { filter: `displayName eq ${quoted(displayName)}` });
      const read = await target.get(path);
      const [listed] = resourcesOf(response);
      expectSame(response, "the group as read by id", withSortedMembers(listed), withSortedMembers(read.body));
    })
    .faults("a list of groups without members"),
  "list-empty-is-200": check("A query that finds no one is 200 with totalResults 0 and no resources.")
    .run(async (target) => {
      const response = await target.get("/Users", { filter: `userName eq "${target.label}-nobody"` });
      expectMember(response, "totalResults", 0);
      expectSame(response, "no resources", resourcesOf(response), []);
    })
    .faults("a 404 for an empty list"),
  "list-hides-passwords": check("No list holds a password.")
    .clause("RFC 7643 section 7")
    .run(async (target) => {
      const { response } = await queryPeople(target);
      for (const one of resourcesOf(response))
        expectThat(response, at(one, "password") === undefined, `should not show a password: ${shown(one["id"])}`);
    })
    .faults("a password that is returned by a GET"),
});

/** The order of members may differ from one response to the next. */
function withSortedMembers(group: unknown): unknown {
  const members = at(group, "members");
  const sorted = (Array.isArray(members) ? members : []).map((member) => JSON.stringify(member)).toSorted();
  return { ...(isObject(group) ? group : {}), members: sorted };
}
