import { expectError, expectMember, expectSame, expectThat, stringAt } from "../assertion.ts";
import type { Check } from "../check.ts";
import { at, shown } from "../json.ts";
import type { Target } from "../target.ts";
import { castFound, type Found, foundIn, ofTheCast } from "./people-found.ts";

const clause = "RFC 9865 section 2";
const pagesMax = 10;

/** All pages of the cast by cursor. Bounded: a service that never ends is a violation. */
async function walk(target: Target, count: number): Promise<readonly Found[]> {
  const pages: Found[] = [];
  let cursor: unknown = "";
  while (typeof cursor === "string" && (cursor !== "" || pages.length === 0)) {
    const page = await castFound(target, { cursor, count });
    pages.push(page);
    expectThat(page.answer, pages.length < pagesMax, `should end after fewer than ${pagesMax} pages of five people`);
    cursor = at(page.answer.body, "nextCursor");
  }
  return pages;
}

/** Pages by cursor, over the five people of the cast. */
export const cursorPagingChecks: readonly Check[] = [
  {
    id: "cursor-first-page-has-a-next",
    clause,
    title: "An empty cursor asks for the first page, whose answer holds nextCursor.",
    needs: "cursor",
    run: async (target) => {
      const { answer, numbers } = await castFound(target, { cursor: "", count: 2 });
      expectSame(answer, "on the page so many people", numbers.length, 2);
      expectThat(answer, stringAt(answer, "nextCursor") !== "", "should hold a nextCursor");
    },
  },
  {
    id: "cursor-is-url-safe",
    clause,
    title: "A cursor is made of characters that need no escaping in an address.",
    needs: "cursor",
    run: async (target) => {
      const { answer } = await castFound(target, { cursor: "", count: 2 });
      const cursor = stringAt(answer, "nextCursor");
      expectThat(answer, /^[\w.~-]+$/.test(cursor), `should hold an unreserved nextCursor, not ${shown(cursor)}`);
    },
  },
  {
    id: "cursor-walk-holds-everybody-once",
    clause,
    title: "Following nextCursor, everybody comes exactly once.",
    needs: "cursor",
    run: async (target) => {
      const pages = await walk(target, 2);
      const seen = pages.flatMap(({ numbers }) => numbers).toSorted((left, right) => left - right);
      for (const { answer } of pages.slice(-1)) expectSame(answer, "over all pages", seen, [1, 2, 3, 4, 5]);
    },
  },
  {
    id: "cursor-walk-keeps-to-count",
    clause,
    title: "No page by cursor is longer than count.",
    needs: "cursor",
    run: async (target) => {
      for (const { answer, numbers } of await walk(target, 2))
        expectThat(answer, numbers.length <= 2, `should hold at most 2 people, but holds ${numbers.length}`);
    },
  },
  {
    id: "cursor-last-page-has-no-next",
    clause,
    title: "The last page holds no nextCursor.",
    needs: "cursor",
    run: async (target) => {
      const { answer } = await castFound(target, { cursor: "", count: 100 });
      expectMember(answer, "nextCursor", undefined);
    },
  },
  {
    id: "cursor-counts-alone",
    clause,
    title: "With a cursor, a count of 0 or below asks for totalResults alone.",
    needs: "cursor",
    run: async (target) => {
      for (const count of [0, -1]) {
        const { answer, numbers } = await castFound(target, { cursor: "", count });
        expectMember(answer, "totalResults", 5);
        expectSame(answer, "on the page so many people", numbers.length, 0);
      }
    },
  },
  {
    id: "cursor-can-be-used-twice",
    clause,
    title: "The same cursor asked for again answers the same page.",
    needs: "cursor",
    run: async (target) => {
      const cursor = stringAt((await castFound(target, { cursor: "", count: 2 })).answer, "nextCursor");
      const first = await castFound(target, { cursor, count: 2 });
      const second = await castFound(target, { cursor, count: 2 });
      expectSame(second.answer, "the people of before", second.numbers, first.numbers);
      expectSame(second.answer, "on the page so many people", second.numbers.length, 2);
    },
  },
  {
    id: "cursor-unknown-is-refused",
    clause: "RFC 9865 section 2.1",
    title: "A cursor that the service did not give is 400 invalidCursor.",
    needs: "cursor",
    run: async (target) => {
      const answer = await target.get("/Users", { cursor: "this-is-no-cursor", count: 2 });
      expectError(answer, 400, "invalidCursor");
    },
  },
  {
    id: "cursor-pages-groups",
    clause,
    title: "Groups come by cursor as people do.",
    needs: "cursor",
    run: async (target) => {
      const filter = `displayName sw ${JSON.stringify(`${target.cast.label}-`)}`;
      const first = await target.get("/Groups", { filter, cursor: "", count: 1 });
      const second = await target.get("/Groups", { filter, cursor: stringAt(first, "nextCursor"), count: 1 });
      const ids = [stringAt(first, "Resources.0.id"), stringAt(second, "Resources.0.id")];
      expectSame(second, "two different groups", new Set(ids).size, 2);
    },
  },
  {
    id: "cursor-in-a-search",
    clause: "RFC 9865 section 3",
    title: "A search by POST takes a cursor in its body.",
    needs: ["cursor", "search"],
    run: async (target) => {
      const wish = {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        filter: ofTheCast(target.cast),
        count: 3,
      };
      const first = await target.post("/Users/.search", { ...wish, cursor: "" });
      const second = await target.post("/Users/.search", { ...wish, cursor: stringAt(first, "nextCursor") });
      const numbers = [first, second].flatMap((answer) => foundIn(target, answer).numbers);
      expectSame(
        second,
        "over both pages",
        numbers.toSorted((left, right) => left - right),
        [1, 2, 3, 4, 5],
      );
      expectMember(second, "nextCursor", undefined);
    },
  },
  {
    id: "cursor-is-no-duty",
    clause: "RFC 9865 section 4",
    title: "A query without a cursor is paged as the advertised default says.",
    needs: "cursor",
    run: async (target) => {
      const config = await target.get("/ServiceProviderConfig");
      const { answer } = await castFound(target, { count: 2 });
      const isByCursor = at(config.body, "pagination.defaultPaginationMethod") === "cursor";
      const hasNext = at(answer.body, "nextCursor") !== undefined;
      expectSame(answer, "a nextCursor only where that is the default", hasNext, isByCursor);
    },
  },
];
