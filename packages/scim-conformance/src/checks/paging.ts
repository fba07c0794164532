import { expectMember, expectSame, expectStatus, expectThat, idsOf, integerAt } from "../assertion.ts";
import type { Check } from "../check.ts";
import type { Found } from "./people-found.ts";
import { castFound } from "./people-found.ts";

const clause = "RFC 7644 section 3.4.2.4";

function expectPage({ answer, numbers }: Found, size: number, startIndex: number): void {
  expectSame(answer, "on the page so many people", numbers.length, size);
  expectMember(answer, "totalResults", 5);
  if (size > 0) expectMember(answer, "startIndex", startIndex);
}

/** Pages by index, over the five people of the cast. */
export const pagingChecks: readonly Check[] = [
  {
    id: "page-starts-at-one",
    clause,
    title: "Without parameters the page begins at startIndex 1.",
    needs: "filter",
    run: async (target) => expectPage(await castFound(target), 5, 1),
  },
  {
    id: "page-count-is-the-most",
    clause,
    title: "A page has as many resources as count says, and totalResults still counts all.",
    needs: "filter",
    run: async (target) => expectPage(await castFound(target, { count: 2 }), 2, 1),
  },
  {
    id: "page-goes-on-at-start-index",
    clause,
    title: "startIndex 2 leaves out the first, and is told in the answer.",
    needs: "filter",
    run: async (target) => {
      const whole = await castFound(target);
      const rest = await castFound(target, { startIndex: 2 });
      expectPage(rest, 4, 2);
      expectSame(rest.answer, "the people from the second on", rest.numbers, whole.numbers.slice(1));
    },
  },
  {
    id: "page-last-is-short",
    clause,
    title: "The last page holds what is left.",
    needs: "filter",
    run: async (target) => expectPage(await castFound(target, { startIndex: 5, count: 2 }), 1, 5),
  },
  {
    id: "page-count-zero-counts-only",
    clause,
    title: "count 0 answers totalResults and no resources.",
    needs: "filter",
    run: async (target) => expectPage(await castFound(target, { count: 0 }), 0, 1),
  },
  {
    id: "page-count-negative-is-zero",
    clause,
    title: "A negative count means 0.",
    needs: "filter",
    run: async (target) => expectPage(await castFound(target, { count: -3 }), 0, 1),
  },
  {
    id: "page-start-index-zero-is-one",
    clause,
    title: "startIndex 0 means 1.",
    needs: "filter",
    run: async (target) => expectPage(await castFound(target, { startIndex: 0, count: 2 }), 2, 1),
  },
  {
    id: "page-start-index-negative-is-one",
    clause,
    title: "A negative startIndex means 1.",
    needs: "filter",
    run: async (target) => expectPage(await castFound(target, { startIndex: -7, count: 2 }), 2, 1),
  },
  {
    id: "page-beyond-the-end-is-empty",
    clause,
    title: "A page beyond the end is an empty 200 that still tells totalResults.",
    needs: "filter",
    run: async (target) => expectPage(await castFound(target, { startIndex: 6, count: 2 }), 0, 6),
  },
  {
    id: "pages-hold-everybody-once",
    clause,
    title: "Page by page everybody comes exactly once.",
    needs: "filter",
    run: async (target) => {
      const seen: number[] = [];
      let last = await castFound(target, { startIndex: 1, count: 2 });
      for (const startIndex of [1, 3, 5]) {
        last = await castFound(target, { startIndex, count: 2 });
        seen.push(...last.numbers);
      }
      expectSame(
        last.answer,
        "over all pages",
        seen.toSorted((left, right) => left - right),
        [1, 2, 3, 4, 5],
      );
    },
  },
  {
    id: "pages-keep-their-order",
    clause,
    title: "The same query twice has the same order, and pages of one continue each other.",
    needs: "filter",
    run: async (target) => {
      const first = await castFound(target);
      const second = await castFound(target);
      expectSame(second.answer, "the order of before", second.numbers, first.numbers);
      for (const startIndex of [1, 2, 3, 4, 5]) {
        const page = await castFound(target, { startIndex, count: 1 });
        expectSame(page.answer, `in place ${startIndex}`, page.numbers, [first.numbers[startIndex - 1]]);
      }
    },
  },
  {
    id: "page-count-is-cut-not-refused",
    clause,
    title: "A count beyond what the service gives is cut, not refused.",
    needs: "filter",
    run: async (target) => expectPage(await castFound(target, { count: 1_000_000 }), 5, 1),
  },
  {
    id: "page-limits-everybody",
    clause,
    title: "Without a filter too, count limits the page and totalResults counts all.",
    run: async (target) => {
      const answer = await target.get("/Users", { count: 3 });
      expectStatus(answer, 200);
      expectSame(answer, "on the page so many people", idsOf(answer).length, 3);
      expectThat(answer, integerAt(answer, "totalResults") >= 5, "should count at least the five people of this run");
    },
  },
  {
    id: "page-limits-groups",
    clause,
    title: "Groups come in pages as people do.",
    needs: "filter",
    run: async (target) => {
      const filter = `displayName sw ${JSON.stringify(`${target.cast.label}-`)}`;
      const ids: string[] = [];
      for (const startIndex of [1, 2]) {
        const answer = await target.get("/Groups", { filter, startIndex, count: 1 });
        expectMember(answer, "totalResults", 2);
        expectMember(answer, "startIndex", startIndex);
        expectSame(answer, "on the page so many groups", idsOf(answer).length, 1);
        ids.push(...idsOf(answer));
        expectSame(answer, "groups that were not on the page before", new Set(ids).size, startIndex);
      }
    },
  },
];
