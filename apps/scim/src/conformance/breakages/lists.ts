import { withBody, withList, without, withQuery, withResources, type Breakage } from "../breakage.ts";
import { refusal, withStatus } from "../broken-answer.ts";
import { withoutParameter } from "../broken-query.ts";
import { call, when } from "../exchange-match.ts";

const list = call("GET", /^\/(?:Users|Groups)$/);

/** The form of lists, and pages by index. */
export const listBreakages: readonly Breakage[] = [
  {
    checks: ["list-has-schema"],
    title: "a list without its schema",
    answer: when(list, (answered) => withBody(answered, (body) => without(body, "schemas"))),
  },
  {
    checks: ["list-numbers-are-integers", "page-limits-everybody", "page-limits-groups"],
    title: "a list whose numbers are texts",
    answer: when(list, (answered) =>
      withBody(answered, (body) => ({ ...body, totalResults: String(body["totalResults"]) })),
    ),
  },
  {
    checks: ["list-holds-everybody"],
    title: "a list without who is not active",
    answer: when(list, (answered) => withList(answered, (all) => all.filter(({ active }) => active !== false))),
  },
  {
    checks: ["list-items-per-page-counts"],
    title: "itemsPerPage as it was asked for",
    answer: when(list, (answered, asked) =>
      withBody(answered, (body) => ({ ...body, itemsPerPage: Number(asked.query.get("count") ?? 100) })),
    ),
  },
  {
    checks: ["list-shows-resources-whole"],
    title: "a list that shows less than the resource",
    answer: when(list, (answered) => withResources(answered, (resource) => without(resource, "emails"))),
  },
  {
    checks: ["list-shows-groups-whole"],
    title: "a list of groups without members",
    answer: when(list, (answered) => withResources(answered, (resource) => without(resource, "members"))),
  },
  {
    checks: ["list-empty-is-200"],
    title: "a 404 where nobody is found",
    answer: when(
      ({ answered }) => answered.text.includes('"totalResults":0'),
      () => refusal(404),
    ),
  },
  {
    checks: ["page-starts-at-one"],
    title: "pages that begin at 0",
    answer: when(list, (answered) =>
      withBody(answered, (body) => ({ ...body, startIndex: Number(body["startIndex"]) - 1 })),
    ),
  },
  {
    checks: ["page-count-is-the-most", "page-limits-everybody", "page-limits-groups", "page-count-zero-counts-only"],
    title: "a count that is ignored",
    request: withoutParameter("count"),
  },
  {
    checks: ["page-count-is-the-most", "page-limits-groups", "filter-total-counts-the-found"],
    title: "a total that counts the page",
    answer: when(list, (answered) => withBody(answered, (body) => ({ ...body, totalResults: body["itemsPerPage"] }))),
  },
  {
    checks: [
      "page-goes-on-at-start-index",
      "page-last-is-short",
      "pages-hold-everybody-once",
      "page-beyond-the-end-is-empty",
    ],
    title: "a startIndex that is ignored",
    request: withoutParameter("startIndex"),
  },
  {
    checks: ["pages-hold-everybody-once", "pages-keep-their-order", "page-goes-on-at-start-index"],
    title: "pages that overlap by one",
    request: (asked) =>
      withQuery(asked, (query) => {
        const startIndex = Number(query.get("startIndex") ?? 1);
        if (startIndex > 1) query.set("startIndex", String(startIndex - 1));
      }),
  },
  {
    checks: ["page-count-zero-counts-only"],
    title: "a count of 0 that means all",
    request: (asked) => (asked.query.get("count") === "0" ? withoutParameter("count")(asked) : asked),
  },
  {
    checks: ["page-count-negative-is-zero", "page-start-index-negative-is-one"],
    title: "negative numbers that are refused",
    answer: when(
      ({ asked }) => /count=-|startIndex=-/.test(asked.query.toString()),
      () => refusal(400, "invalidValue"),
    ),
  },
  {
    checks: ["page-count-negative-is-zero"],
    title: "a count whose sign is lost",
    request: (asked) => withQuery(asked, (query) => query.set("count", (query.get("count") ?? "100").replace("-", ""))),
  },
  {
    checks: ["page-start-index-zero-is-one", "page-start-index-negative-is-one"],
    title: "a startIndex that is told as it was asked for",
    answer: when(list, (answered, asked) =>
      withBody(answered, (body) => ({ ...body, startIndex: Number(asked.query.get("startIndex") ?? 1) })),
    ),
  },
  {
    checks: ["page-beyond-the-end-is-empty"],
    title: "a 404 beyond the end",
    answer: when(
      ({ asked }) => asked.query.get("startIndex") === "6",
      (answered) => withStatus(answered, 404),
    ),
  },
  {
    checks: ["pages-keep-their-order"],
    title: "an order that is another with every page",
    answer: when(list, (answered) => withList(answered, shuffled)),
  },
  {
    checks: ["page-count-is-cut-not-refused"],
    title: "a large count that is refused",
    answer: when(
      ({ asked }) => asked.query.get("count") === "1000000",
      () => refusal(400, "tooMany"),
    ),
  },
];

let turns = 0;

/** Turned by one more place with every call. */
function shuffled<T>(all: readonly T[]): readonly T[] {
  turns += 1;
  const place = all.length === 0 ? 0 : turns % all.length;
  return [...all.slice(place), ...all.slice(0, place)];
}
