import { expectMember, expectSame, idsOf, resourcesOf } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import { at } from "../json.ts";
import { groupsFilter, queryPeople, sorts } from "./query-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.4.2.3", needs: ["sort"] };

/** The order of a list. */
export const sortingChecks = checksOf(chapter, {
  "sort-ascending-by-default": check("sortBy alone sorts ascending.")
    .run(sorts({ sortBy: "userName" }, [1, 2, 3, 4, 5]))
    .faults("an order that is reversed", "descending as the default"),
  "sort-ascending": check("sortOrder ascending sorts ascending.")
    .run(sorts({ sortBy: "userName", sortOrder: "ascending" }, [1, 2, 3, 4, 5]))
    .faults("an order that is reversed"),
  "sort-descending": check("sortOrder descending sorts descending.")
    .run(sorts({ sortBy: "userName", sortOrder: "descending" }, [5, 4, 3, 2, 1]))
    .faults("a sortOrder that is ignored"),
  "sort-ignores-case": check("An attribute that is not case-exact is sorted in any letter case.")
    .run(sorts({ sortBy: "name.familyName" }, [2, 1, 4, 3, 5]))
    .faults("a sortBy that is ignored", "capital letters before all small ones"),
  "sort-absent-last": check("Ascending, people without a value are last.")
    .run(sorts({ sortBy: "displayName" }, [1, 2, 4, 5, 3]))
    .faults("an order that is reversed", "people without a value before all others"),
  "sort-absent-first": check("Descending, people without a value are first.")
    .run(sorts({ sortBy: "displayName", sortOrder: "descending" }, [3, 5, 4, 2, 1]))
    .faults("a sortOrder that is ignored", "people without a value after all others"),
  "sort-name-in-any-case": check("sortBy is read in any letter case.")
    .run(sorts({ sortBy: "NAME.familyname" }, [2, 1, 4, 3, 5]))
    .faults("a sortBy that is ignored", "a sortBy in its own spelling only"),
  "sort-name-with-urn": check("sortBy may have the schema's URN in front.")
    .run(sorts({ sortBy: "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName" }, [2, 1, 4, 3, 5]))
    .faults("a sortBy that is ignored", "a sortBy in its own spelling only"),
  "sort-by-many-values": check("A multi-valued attribute is sorted by its primary value.")
    .run(sorts({ sortBy: "emails", sortOrder: "descending" }, [5, 4, 3, 2, 1]))
    .faults("an order that is reversed", "a sortOrder that is ignored"),
  "sort-before-paging": check("Resources are sorted before they are paged.")
    .run(sorts({ sortBy: "name.familyName", startIndex: 2, count: 2 }, [1, 4]))
    .faults("a sortBy that is ignored", "pages that are cut before they are sorted"),
  "sort-with-filter": check("The resources that a filter finds are sorted.")
    .run(sorts({ sortBy: "name.familyName", sortOrder: "descending", filter: "active eq true" }, [5, 3, 1, 2]))
    .faults("a sortOrder that is ignored", "a sortBy that is ignored", "capital letters before all small ones"),
  "sort-by-time": check("Times are sorted as instants.")
    .run(async (target) => {
      const { response } = await queryPeople(target, { sortBy: "meta.created", sortOrder: "descending" });
      const times = resourcesOf(response).map((resource) => Date.parse(String(at(resource, "meta.created"))));
      const descending = times.toSorted((left, right) => right - left);
      expectSame(response, "the times in this order", times, descending);
      expectMember(response, "totalResults", 5);
    })
    .faults("an order that is reversed", "a sortOrder that is ignored", "a sortBy that is ignored"),
  "sort-groups": check("Groups are sorted in any letter case too.")
    .run(async (target) => {
      const filter = groupsFilter(target);
      const [first, second] = [target.group(1).id, target.group(2).id];
      const ascending = await target.get("/Groups", { filter, sortBy: "displayName" });
      expectSame(ascending, "the groups in this order", idsOf(ascending), [first, second]);
      const descending = await target.get("/Groups", { filter, sortBy: "displayName", sortOrder: "descending" });
      expectSame(descending, "the groups in this order", idsOf(descending), [second, first]);
    })
    .faults("an order that is reversed", "a sortOrder that is ignored"),
});
