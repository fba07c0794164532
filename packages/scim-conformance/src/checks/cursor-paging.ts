import { expectError, expectMember, expectSame, expectThat, stringAt } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import { at, shown } from "../json.ts";
import type { Target } from "../target.ts";
import { searchCast } from "./search.ts";
import { castFound, expectEverybodyOnce, foundIn, groupsOfTheCast, type Found } from "./query-kinds.ts";

const pagesMax = 10;

/** All pages of the cast by cursor. Bounded: a service that never ends is a violation. */
async function walk(target: Target, count: number): Promise<readonly Found[]> {
  const pages: Found[] = [];
  let cursor: unknown = "";
  while (typeof cursor === "string" && (cursor !== "" || pages.length === 0)) {
    const page = await castFound(target, { cursor, count });
    pages.push(page);
    expectThat(page.response, pages.length < pagesMax, `should end after fewer than ${pagesMax} pages of five people`);
    cursor = at(page.response.body, "nextCursor");
  }
  return pages;
}

const chapter: Chapter = { clause: "RFC 9865 section 2", needs: "cursor" };

/** Pages by cursor, over the five people of the cast. */
export const cursorPagingChecks = checksOf(chapter, {
  "cursor-first-page-has-a-next": {
    title: "An empty cursor asks for the first page, whose answer holds nextCursor.",
    run: async (target) => {
      const { response, numbers } = await castFound(target, { cursor: "", count: 2 });
      expectSame(response, "on the page so many people", numbers.length, 2);
      expectThat(response, stringAt(response, "nextCursor") !== "", "should hold a nextCursor");
    },
    faults: [
      "pages by cursor that lead nowhere",
      "a page by cursor that loses its last one",
      "a count that is ignored where there is a cursor",
    ],
  },
  "cursor-is-url-safe": {
    title: "A cursor is made of characters that need no escaping in an address.",
    run: async (target) => {
      const { response } = await castFound(target, { cursor: "", count: 2 });
      const cursor = stringAt(response, "nextCursor");
      expectThat(response, /^[\w.~-]+$/.test(cursor), `should hold an unreserved nextCursor, not ${shown(cursor)}`);
    },
    faults: ["pages by cursor that lead nowhere", "a cursor that has to be escaped"],
  },
  "cursor-walk-holds-everybody-once": {
    title: "Following nextCursor, everybody comes exactly once.",
    run: async (target) => {
      const pages = await walk(target, 2);
      const seen = pages.flatMap(({ numbers }) => numbers);
      for (const { response } of pages.slice(-1)) expectEverybodyOnce(response, "over all pages", seen);
    },
    faults: [
      "pages by cursor that lead nowhere",
      "a page by cursor that loses its last one",
      "a first page that comes again and again",
    ],
  },
  "cursor-walk-keeps-to-count": {
    title: "No page by cursor is longer than count.",
    run: async (target) => {
      for (const { response, numbers } of await walk(target, 2))
        expectThat(response, numbers.length <= 2, `should hold at most 2 people, but holds ${numbers.length}`);
    },
    faults: ["a count that is ignored where there is a cursor", "a first page that comes again and again"],
  },
  "cursor-last-page-has-no-next": {
    title: "The last page holds no nextCursor.",
    run: async (target) => {
      const { response } = await castFound(target, { cursor: "", count: 100 });
      expectMember(response, "nextCursor", undefined);
    },
    faults: ["a last page that leads on"],
  },
  "cursor-counts-alone": {
    title: "With a cursor, a count of 0 or below asks for totalResults alone.",
    run: async (target) => {
      for (const count of [0, -1]) {
        const { response, numbers } = await castFound(target, { cursor: "", count });
        expectMember(response, "totalResults", 5);
        expectSame(response, "on the page so many people", numbers.length, 0);
      }
    },
    faults: ["a count of 0 that is no count where there is a cursor"],
  },
  "cursor-can-be-used-twice": {
    title: "The same cursor asked for again answers the same page.",
    run: async (target) => {
      const cursor = stringAt((await castFound(target, { cursor: "", count: 2 })).response, "nextCursor");
      const first = await castFound(target, { cursor, count: 2 });
      const second = await castFound(target, { cursor, count: 2 });
      expectSame(second.response, "the people of before", second.numbers, first.numbers);
      expectSame(second.response, "on the page so many people", second.numbers.length, 2);
    },
    faults: ["a cursor that is worn out after one use"],
  },
  "cursor-unknown-is-refused": {
    clause: "RFC 9865 section 2.1",
    title: "A cursor that the service did not give is 400 invalidCursor.",
    run: async (target) => {
      const response = await target.get("/Users", { cursor: "this-is-no-cursor", count: 2 });
      expectError(response, 400, "invalidCursor");
    },
    faults: ["an unknown cursor that finds nobody", "an unknown cursor that is called an invalid value"],
  },
  "cursor-pages-groups": {
    title: "Groups come by cursor as people do.",
    run: async (target) => {
      const filter = groupsOfTheCast(target.cast);
      const first = await target.get("/Groups", { filter, cursor: "", count: 1 });
      const second = await target.get("/Groups", { filter, cursor: stringAt(first, "nextCursor"), count: 1 });
      const ids = [stringAt(first, "Resources.0.id"), stringAt(second, "Resources.0.id")];
      expectSame(second, "two different groups", new Set(ids).size, 2);
    },
    faults: ["pages by cursor that lead nowhere"],
  },
  "cursor-in-a-search": {
    clause: "RFC 9865 section 3",
    needs: ["cursor", "search"],
    title: "A search by POST takes a cursor in its body.",
    run: async (target) => {
      const first = await searchCast(target, { count: 3, cursor: "" });
      const second = await searchCast(target, { count: 3, cursor: stringAt(first, "nextCursor") });
      const numbers = [first, second].flatMap((response) => foundIn(target, response).numbers);
      expectEverybodyOnce(second, "over both pages", numbers);
      expectMember(second, "nextCursor", undefined);
    },
    faults: ["a search whose count is overlooked", "a search whose cursor is overlooked"],
  },
  "cursor-is-no-duty": {
    clause: "RFC 9865 section 4",
    title: "A query without a cursor is paged as the advertised default says.",
    run: async (target) => {
      const config = await target.get("/ServiceProviderConfig");
      const { response } = await castFound(target, { count: 2 });
      const isByCursor = at(config.body, "pagination.defaultPaginationMethod") === "cursor";
      const hasNext = at(response.body, "nextCursor") !== undefined;
      expectSame(response, "a nextCursor only where that is the default", hasNext, isByCursor);
    },
    faults: ["a cursor for who did not ask for one"],
  },
});
