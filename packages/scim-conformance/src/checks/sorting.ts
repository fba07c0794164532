import { expectMember, expectSame, idsOf, resourcesOf } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import { at } from "../json.ts";
import { groupsFilter, queryPeople, sorts } from "./query-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.4.2.3", needs: "sort" };

/** The order of a list. */
export const sortingChecks = checksOf(chapter, {
  "sort-ascending-by-default": {
    title: "sortBy alone sorts ascending.",
    run: sorts({ sortBy: "userName" }, [1, 2, 3, 4, 5]),
    faults: ["an order that is turned round", "descending as the default"],
  },
  "sort-ascending": {
    title: "sortOrder ascending sorts from the least on.",
    run: sorts({ sortBy: "userName", sortOrder: "ascending" }, [1, 2, 3, 4, 5]),
    faults: ["an order that is turned round"],
  },
  "sort-descending": {
    title: "sortOrder descending sorts from the greatest on.",
    run: sorts({ sortBy: "userName", sortOrder: "descending" }, [5, 4, 3, 2, 1]),
    faults: ["a sortOrder that is ignored"],
  },
  "sort-ignores-case": {
    title: "What is not case-exact is sorted in any letter case.",
    run: sorts({ sortBy: "name.familyName" }, [2, 1, 4, 3, 5]),
    faults: ["a sortBy that is ignored", "capital letters before all small ones"],
  },
  "sort-absent-last": {
    title: "Ascending, who has no value comes last.",
    run: sorts({ sortBy: "displayName" }, [1, 2, 4, 5, 3]),
    faults: ["an order that is turned round", "who has no value in front of all others"],
  },
  "sort-absent-first": {
    title: "Descending, who has no value comes first.",
    run: sorts({ sortBy: "displayName", sortOrder: "descending" }, [3, 5, 4, 2, 1]),
    faults: ["a sortOrder that is ignored", "who has no value behind all others"],
  },
  "sort-name-in-any-case": {
    title: "sortBy is read in any letter case.",
    run: sorts({ sortBy: "NAME.familyname" }, [2, 1, 4, 3, 5]),
    faults: ["a sortBy that is ignored", "a sortBy in its own spelling only"],
  },
  "sort-name-with-urn": {
    title: "sortBy may have the schema's URN in front.",
    run: sorts({ sortBy: "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName" }, [2, 1, 4, 3, 5]),
    faults: ["a sortBy that is ignored", "a sortBy in its own spelling only"],
  },
  "sort-by-many-values": {
    title: "An attribute with many values is sorted by its primary one.",
    run: sorts({ sortBy: "emails", sortOrder: "descending" }, [5, 4, 3, 2, 1]),
    faults: ["an order that is turned round", "a sortOrder that is ignored"],
  },
  "sort-before-paging": {
    title: "Pages are cut from what is sorted.",
    run: sorts({ sortBy: "name.familyName", startIndex: 2, count: 2 }, [1, 4]),
    faults: ["a sortBy that is ignored", "pages that are cut before they are sorted"],
  },
  "sort-with-filter": {
    title: "What a filter finds is sorted.",
    run: sorts({ sortBy: "name.familyName", sortOrder: "descending", filter: "active eq true" }, [5, 3, 1, 2]),
    faults: ["a sortOrder that is ignored", "a sortBy that is ignored", "capital letters before all small ones"],
  },
  "sort-by-time": {
    title: "Times are sorted as instants.",
    run: async (target) => {
      const { response } = await queryPeople(target, { sortBy: "meta.created", sortOrder: "descending" });
      const times = resourcesOf(response).map((resource) => Date.parse(String(at(resource, "meta.created"))));
      const descending = times.toSorted((left, right) => right - left);
      expectSame(response, "the times in the order", times, descending);
      expectMember(response, "totalResults", 5);
    },
    faults: ["an order that is turned round", "a sortOrder that is ignored", "a sortBy that is ignored"],
  },
  "sort-groups": {
    title: "Groups are sorted in any letter case too.",
    run: async (target) => {
      const filter = groupsFilter(target);
      const [first, second] = [target.group(1).id, target.group(2).id];
      const ascending = await target.get("/Groups", { filter, sortBy: "displayName" });
      expectSame(ascending, "the groups in the order", idsOf(ascending), [first, second]);
      const descending = await target.get("/Groups", { filter, sortBy: "displayName", sortOrder: "descending" });
      expectSame(descending, "the groups in the order", idsOf(descending), [second, first]);
    },
    faults: ["an order that is turned round", "a sortOrder that is ignored"],
  },
});
