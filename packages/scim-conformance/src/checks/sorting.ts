import { expectMember, expectSame, idsOf, resourcesOf } from "../assertion.ts";
import type { PersonNumber } from "../cast-roles.ts";
import type { Check } from "../check.ts";
import { at } from "../json.ts";
import { castFound } from "./people-found.ts";

const clause = "RFC 7644 section 3.4.2.3";

type SortCase = {
  readonly id: string;
  readonly title: string;
  readonly query: Readonly<Record<string, string | number>>;
  readonly order: readonly PersonNumber[];
};

function sortCheck({ id, title, query, order }: SortCase): Check {
  return {
    id,
    clause,
    title,
    needs: "sort",
    run: async (target) => {
      const { answer, numbers } = await castFound(target, query);
      expectSame(answer, "the people in the order", numbers, order);
    },
  };
}

/** The order of a list. */
export const sortingChecks: readonly Check[] = [
  sortCheck({
    id: "sort-ascending-by-default",
    title: "sortBy alone sorts ascending.",
    query: { sortBy: "userName" },
    order: [1, 2, 3, 4, 5],
  }),
  sortCheck({
    id: "sort-ascending",
    title: "sortOrder ascending sorts from the least on.",
    query: { sortBy: "userName", sortOrder: "ascending" },
    order: [1, 2, 3, 4, 5],
  }),
  sortCheck({
    id: "sort-descending",
    title: "sortOrder descending sorts from the greatest on.",
    query: { sortBy: "userName", sortOrder: "descending" },
    order: [5, 4, 3, 2, 1],
  }),
  sortCheck({
    id: "sort-ignores-case",
    title: "What is not case-exact is sorted in any letter case.",
    query: { sortBy: "name.familyName" },
    order: [2, 1, 4, 3, 5],
  }),
  sortCheck({
    id: "sort-absent-last",
    title: "Ascending, who has no value comes last.",
    query: { sortBy: "displayName" },
    order: [1, 2, 4, 5, 3],
  }),
  sortCheck({
    id: "sort-absent-first",
    title: "Descending, who has no value comes first.",
    query: { sortBy: "displayName", sortOrder: "descending" },
    order: [3, 5, 4, 2, 1],
  }),
  sortCheck({
    id: "sort-name-in-any-case",
    title: "sortBy is read in any letter case.",
    query: { sortBy: "NAME.familyname" },
    order: [2, 1, 4, 3, 5],
  }),
  sortCheck({
    id: "sort-name-with-urn",
    title: "sortBy may have the schema's URN in front.",
    query: { sortBy: "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName" },
    order: [2, 1, 4, 3, 5],
  }),
  sortCheck({
    id: "sort-by-many-values",
    title: "An attribute with many values is sorted by its primary one.",
    query: { sortBy: "emails", sortOrder: "descending" },
    order: [5, 4, 3, 2, 1],
  }),
  sortCheck({
    id: "sort-before-paging",
    title: "Pages are cut from what is sorted.",
    query: { sortBy: "name.familyName", startIndex: 2, count: 2 },
    order: [1, 4],
  }),
  sortCheck({
    id: "sort-with-filter",
    title: "What a filter finds is sorted.",
    query: { sortBy: "name.familyName", sortOrder: "descending", filter: "active eq true" },
    order: [5, 3, 1, 2],
  }),
  {
    id: "sort-by-time",
    clause,
    title: "Times are sorted as instants.",
    needs: "sort",
    run: async (target) => {
      const { answer } = await castFound(target, { sortBy: "meta.created", sortOrder: "descending" });
      const times = resourcesOf(answer).map((resource) => Date.parse(String(at(resource, "meta.created"))));
      expectSame(
        answer,
        "the times in the order",
        times,
        times.toSorted((left, right) => right - left),
      );
      expectMember(answer, "totalResults", 5);
    },
  },
  {
    id: "sort-groups",
    clause,
    title: "Groups are sorted in any letter case too.",
    needs: "sort",
    run: async (target) => {
      const filter = `displayName sw ${JSON.stringify(`${target.cast.label}-`)}`;
      const [first, second] = [target.cast.group(1).id, target.cast.group(2).id];
      const ascending = await target.get("/Groups", { filter, sortBy: "displayName" });
      expectSame(ascending, "the groups in the order", idsOf(ascending), [first, second]);
      const descending = await target.get("/Groups", { filter, sortBy: "displayName", sortOrder: "descending" });
      expectSame(descending, "the groups in the order", idsOf(descending), [second, first]);
    },
  },
];
