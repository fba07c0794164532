import { expectMember, expectSame, expectThat, stringAt } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import { at, shown } from "../json.ts";
import type { Target } from "../target.ts";
import { expectEverybodyOnce, expectPage, foundIn, groupsFilter, queryPeople, type Found } from "./query-kinds.ts";
import { searchPeople } from "./search.ts";
import { refuses } from "./write-kinds.ts";

const pagesMax = 10;

const chapter: Chapter = { clause: "RFC 9865 section 2", needs: ["cursor"] };

/** Pages by cursor, over the five people. */
export const cursorPagingChecks = checksOf(chapter, {
  "cursor-first-page-has-a-next": check("An empty cursor requests the first page, whose response holds nextCursor.")
    .run(async (target) => void (await firstPage(target)))
    .faults(
      "pages by cursor without a nextCursor",
      "a page by cursor that loses its last one",
      "a count that is ignored where there is a cursor",
    ),
  "cursor-is-url-safe": check("A cursor has only characters that need no escaping in a URL.")
    .run(async (target) => {
      const { response, nextCursor } = await firstPage(target);
      const isSafe = /^[\w.~-]+$/.test(nextCursor);
      expectThat(response, isSafe, `should hold an unreserved nextCursor, not ${shown(nextCursor)}`);
    })
    .faults("pages by cursor without a nextCursor", "a cursor that has to be escaped"),
  "cursor-walk-holds-everybody-once": check("The pages that nextCursor leads to hold every person exactly once.")
    .run(async (target) => {
      const pages = await walk(target, 2);
      const seen = pages.flatMap(({ numbers }) => numbers);
      for (const { response } of pages.slice(-1))
        expectEverybodyOnce(response, "on all pages together the people", seen);
    })
    .faults(
      "pages by cursor without a nextCursor",
      "a page by cursor that loses its last one",
      "a first page that is returned again and again",
    ),
  "cursor-walk-keeps-to-count": check("No page by cursor is longer than count.")
    .run(async (target) => {
      for (const { response, numbers } of await walk(target, 2))
        expectThat(response, numbers.length <= 2, `should hold at most 2 people, but holds ${numbers.length}`);
    })
    .faults("a count that is ignored where there is a cursor", "a first page that is returned again and again"),
  "cursor-last-page-has-no-next": check("The last page holds no nextCursor.")
    .run(async (target) => {
      const { response } = await queryPeople(target, { cursor: "", count: 100 });
      expectMember(response, "nextCursor", undefined);
    })
    .faults("a last page with a nextCursor"),
  "cursor-counts-alone": check("With a cursor, a count of 0 or below requests totalResults alone.")
    .run(async (target) => {
      for (const count of [0, -1]) expectPage(await queryPeople(target, { cursor: "", count }), 0);
    })
    .faults("a count of 0 that is no count where there is a cursor"),
  "cursor-can-be-used-twice": check("The same cursor used again returns the same page.")
    .run(async (target) => {
      const { nextCursor: cursor } = await firstPage(target);
      const first = await queryPeople(target, { cursor, count: 2 });
      const second = await queryPeople(target, { cursor, count: 2 });
      expectSame(second.response, "the same people as before", second.numbers, first.numbers);
      expectSame(second.response, "a page size of", second.numbers.length, 2);
    })
    .faults("a cursor that can be used once"),
  "cursor-unknown-is-refused": check("A cursor that the service did not issue is 400 invalidCursor.")
    .clause("RFC 9865 section 2.1")
    .run(refuses([400, "invalidCursor"], (target) => target.get("/Users", { cursor: "this-is-no-cursor", count: 2 })))
    .faults("an unknown cursor that finds nobody", "an unknown cursor that is invalidValue"),
  "cursor-pages-groups": check("Groups are paged by cursor like people.")
    .run(async (target) => {
      const filter = groupsFilter(target);
      const first = await target.get("/Groups", { filter, cursor: "", count: 1 });
      const second = await target.get("/Groups", { filter, cursor: stringAt(first, "nextCursor"), count: 1 });
      const ids = [stringAt(first, "Resources.0.id"), stringAt(second, "Resources.0.id")];
      expectSame(second, "this number of different groups:", new Set(ids).size, 2);
    })
    .faults("pages by cursor without a nextCursor"),
  "cursor-in-a-search": check("A search by POST takes a cursor in its body.")
    .clause("RFC 9865 section 3")
    .needs("cursor", "search")
    .run(async (target) => {
      const first = await searchPeople(target, { count: 3, cursor: "" });
      const second = await searchPeople(target, { count: 3, cursor: stringAt(first, "nextCursor") });
      const numbers = [first, second].flatMap((response) => foundIn(target, response).numbers);
      expectEverybodyOnce(second, "on both pages together the people", numbers);
      expectMember(second, "nextCursor", undefined);
    })
    .faults("a search whose count is ignored", "a search whose cursor is ignored"),
  "cursor-is-no-duty": check("A query without a cursor is paged as the advertised default says.")
    .clause("RFC 9865 section 4")
    .run(async (target) => {
      const config = await target.get("/ServiceProviderConfig");
      const { response } = await queryPeople(target, { count: 2 });
      const isByCursor = at(config.body, "pagination.defaultPaginationMethod") === "cursor";
      const hasNext = at(response.body, "nextCursor") !== undefined;
      expectSame(response, "a nextCursor only where that is the default", hasNext, isByCursor);
    })
    .faults("a nextCursor without a cursor in the query"),
});

/** The first page of two people, which must have a next one. */
async function firstPage(target: Target): Promise<Found & { readonly nextCursor: string }> {
  const found = await queryPeople(target, { cursor: "", count: 2 });
  expectSame(found.response, "a page size of", found.numbers.length, 2);
  return { ...found, nextCursor: stringAt(found.response, "nextCursor") };
}

/** All pages of the five people by cursor. Bounded: a service that never ends is a violation. */
async function walk(target: Target, count: number): Promise<readonly Found[]> {
  const pages: Found[] = [];
  let cursor: unknown = "";
  while (typeof cursor === "string" && (cursor !== "" || pages.length === 0)) {
    const page = await queryPeople(target, { cursor, count });
    pages.push(page);
    expectThat(page.response, pages.length < pagesMax, `should end after fewer than ${pagesMax} pages of five people`);
    cursor = at(page.response.body, "nextCursor");
  }
  return pages;
}
