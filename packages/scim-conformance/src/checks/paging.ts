import { expectMember, expectSame, expectStatus, expectThat, idsOf, integerAt } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import { expectEverybodyOnce, expectPage, groupsFilter, pages, queryPeople } from "./query-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.4.2.4", needs: ["filter"] };

/** Pages by index, over the five people. */
export const pagingChecks = checksOf(chapter, {
  "page-starts-at-one": check("Without parameters the page begins at startIndex 1.")
    .run(pages({}, 5, 1))
    .faults("pages that begin at 0"),
  "page-count-is-the-most": check("A page has as many resources as count says, and totalResults still counts all.")
    .run(pages({ count: 2 }, 2, 1))
    .faults("a count that is ignored", "a total that counts the page"),
  "page-goes-on-at-start-index": check("startIndex 2 leaves out the first person, and the response has it.")
    .run(async (target) => {
      const whole = await queryPeople(target);
      const rest = await queryPeople(target, { startIndex: 2 });
      expectPage(rest, 4, 2);
      expectSame(rest.response, "the people from the second on", rest.numbers, whole.numbers.slice(1));
    })
    .faults("a startIndex that is ignored", "pages that overlap by one"),
  "page-last-is-short": check("The last page holds what is left.")
    .run(pages({ startIndex: 5, count: 2 }, 1, 5))
    .faults("a startIndex that is ignored"),
  "page-count-zero-counts-only": check("count 0 returns totalResults and no resources.")
    .run(pages({ count: 0 }, 0, 1))
    .faults("a count that is ignored", "a count of 0 that means all"),
  "page-count-negative-is-zero": check("A negative count means 0.")
    .run(pages({ count: -3 }, 0, 1))
    .faults("negative numbers that are refused", "a count whose sign is lost"),
  "page-start-index-zero-is-one": check("startIndex 0 means 1.")
    .run(pages({ startIndex: 0, count: 2 }, 2, 1))
    .faults("a startIndex that is returned as it was sent"),
  "page-start-index-negative-is-one": check("A negative startIndex means 1.")
    .run(pages({ startIndex: -7, count: 2 }, 2, 1))
    .faults("negative numbers that are refused", "a startIndex that is returned as it was sent"),
  "page-beyond-the-end-is-empty": check("A page beyond the end is an empty 200 that still has totalResults.")
    .run(pages({ startIndex: 6, count: 2 }, 0, 6))
    .faults("a startIndex that is ignored", "a 404 beyond the end"),
  "pages-hold-everybody-once": check("The pages together hold every person exactly once.")
    .run(async (target) => {
      const seen: number[] = [];
      let last = await queryPeople(target, { startIndex: 1, count: 2 });
      for (const startIndex of [1, 3, 5]) {
        last = await queryPeople(target, { startIndex, count: 2 });
        seen.push(...last.numbers);
      }
      expectEverybodyOnce(last.response, "on all pages together the people", seen);
    })
    .faults("a startIndex that is ignored", "pages that overlap by one"),
  "pages-keep-their-order": check("The same query twice has the same order, also page by page.")
    .run(async (target) => {
      const first = await queryPeople(target);
      const second = await queryPeople(target);
      expectSame(second.response, "the same people in the same order as before", second.numbers, first.numbers);
      for (const startIndex of [1, 2, 3, 4, 5]) {
        const page = await queryPeople(target, { startIndex, count: 1 });
        expectSame(page.response, `at position ${startIndex} the person`, page.numbers, [
          first.numbers[startIndex - 1],
        ]);
      }
    })
    .faults("pages that overlap by one", "an order that is another with every page"),
  "page-count-is-cut-not-refused": check("A count above the maximum of the service is reduced, not refused.")
    .run(pages({ count: 1_000_000 }, 5, 1))
    .faults("a large count that is refused"),
  "page-limits-everybody": check("Without a filter too, count limits the page and totalResults counts all.")
    .needs()
    .run(async (target) => {
      const response = await target.get("/Users", { count: 3 });
      expectStatus(response, 200);
      expectSame(response, "a page size of", idsOf(response).length, 3);
      expectThat(
        response,
        integerAt(response, "totalResults") >= 5,
        "should count at least the five people of this run",
      );
    })
    .faults("a list whose numbers are texts", "a count that is ignored"),
  "page-limits-groups": check("Groups are paged like people.")
    .run(async (target) => {
      const filter = groupsFilter(target);
      const ids: string[] = [];
      for (const startIndex of [1, 2]) {
        const response = await target.get("/Groups", { filter, startIndex, count: 1 });
        expectMember(response, "totalResults", 2);
        expectMember(response, "startIndex", startIndex);
        expectSame(response, "a page size of", idsOf(response).length, 1);
        ids.push(...idsOf(response));
        expectSame(response, "this number of different groups so far:", new Set(ids).size, startIndex);
      }
    })
    .faults("a list whose numbers are texts", "a count that is ignored", "a total that counts the page"),
});
