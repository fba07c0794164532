import { withBody, withList, without, type Breakage } from "../breakage.ts";
import { emptied, refusal } from "../broken-answer.ts";
import { withoutParameter } from "../broken-query.ts";
import { call, status, when } from "../exchange-match.ts";

const list = call("GET", /^\/(?:Users|Groups)$/);

export const cursorPagingBreakages: readonly Breakage[] = [
  {
    checks: [
      "cursor-first-page-has-a-next",
      "cursor-pages-groups",
      "cursor-is-url-safe",
      "cursor-walk-holds-everybody-once",
    ],
    title: "pages by cursor that lead nowhere",
    answer: when(list, (answered) => withBody(answered, (body) => without(body, "nextCursor"))),
  },
  {
    checks: ["cursor-is-url-safe"],
    title: "a cursor that has to be escaped",
    answer: when(list, (answered) =>
      withBody(answered, (body) => ({ ...body, nextCursor: `${String(body["nextCursor"])}+/=` })),
    ),
  },
  {
    checks: ["cursor-walk-holds-everybody-once", "cursor-first-page-has-a-next"],
    title: "a page by cursor that loses its last one",
    answer: when(list, (answered) => withList(answered, (all) => all.slice(0, -1))),
  },
  {
    checks: ["cursor-walk-keeps-to-count", "cursor-first-page-has-a-next"],
    title: "a count that is ignored where there is a cursor",
    request: withoutParameter("count"),
  },
  {
    checks: ["cursor-last-page-has-no-next"],
    title: "a last page that leads on",
    answer: when(list, (answered) => withBody(answered, (body) => ({ nextCursor: "for-ever", ...body }))),
  },
  {
    checks: ["cursor-walk-holds-everybody-once", "cursor-walk-keeps-to-count"],
    title: "a first page that comes again and again",
    request: (asked) => {
      const query = new URLSearchParams(asked.query);
      if (query.has("cursor")) query.set("cursor", "");
      return { ...asked, query };
    },
  },
  {
    checks: ["cursor-counts-alone"],
    title: "a count of 0 that is no count where there is a cursor",
    answer: when(
      ({ asked }) => Number(asked.query.get("count")) <= 0,
      () => refusal(400, "invalidCount"),
    ),
  },
  {
    checks: ["cursor-can-be-used-twice"],
    title: "a cursor that is worn out after one use",
    answer: when(
      ({ asked }) => {
        const cursor = asked.query.get("cursor") ?? "";
        const isWornOut = cursor !== "" && usedCursors.has(cursor);
        usedCursors.add(cursor);
        return isWornOut;
      },
      (answered) => emptied(answered),
    ),
  },
  {
    checks: ["cursor-unknown-is-refused"],
    title: "an unknown cursor that finds nobody",
    answer: when(status(400), (answered) => emptied({ ...answered, status: 200 })),
  },
  {
    checks: ["cursor-unknown-is-refused"],
    title: "an unknown cursor that is called an invalid value",
    answer: when(status(400), () => refusal(400, "invalidValue")),
  },
  {
    checks: ["cursor-is-no-duty"],
    title: "a cursor for who did not ask for one",
    answer: when(
      ({ asked }) => !asked.query.has("cursor"),
      (answered) => withBody(answered, (body) => ("Resources" in body ? { ...body, nextCursor: "abc" } : body)),
    ),
  },
];

const usedCursors = new Set<string>();
