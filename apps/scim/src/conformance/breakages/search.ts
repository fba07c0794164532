import { withBody, withList, without, type Asked, type Breakage } from "../breakage.ts";
import { withInner, withStatus } from "../broken-answer.ts";
import { call, when } from "../exchange-match.ts";

const search = call("POST", /\/\.search$/);

/** A search in whose body something is overlooked. */
function overlooking(...names: readonly string[]): (asked: Asked) => Asked {
  return (asked) => {
    if (!asked.path.endsWith("/.search")) return asked;
    const { text } = withBody({ status: 200, headers: {}, text: asked.text }, (body) => without(body, ...names));
    return { ...asked, text };
  };
}

export const searchBreakages: readonly Breakage[] = [
  {
    checks: ["search-answers-a-list", "search-finds-people", "search-finds-groups"],
    title: "a search that answers as if it had created something",
    answer: when(search, (answered) => withStatus(answered, 201)),
  },
  {
    checks: [
      "search-finds-people",
      "search-finds-groups",
      "search-at-the-root-finds-both",
      "search-invalid-filter-is-400",
    ],
    title: "a search whose filter is overlooked",
    request: overlooking("filter"),
  },
  {
    checks: ["search-shows-the-same-as-a-query", "search-pages"],
    title: "a search whose page is overlooked",
    request: overlooking("startIndex", "count"),
  },
  {
    checks: ["search-counts-only", "cursor-in-a-search"],
    title: "a search whose count is overlooked",
    request: overlooking("count"),
  },
  {
    checks: ["cursor-in-a-search"],
    title: "a search whose cursor is overlooked",
    request: overlooking("cursor"),
  },
  {
    checks: ["search-shows-the-same-as-a-query"],
    title: "a search that shows resources in part",
    answer: when(search, (answered) => withList(answered, (all) => all.map((one) => without(one, "active")))),
  },
  {
    checks: ["search-at-the-root-finds-both"],
    title: "a search at the root that finds people only",
    answer: when(search, (answered) => withList(answered, (all) => all.filter((one) => "userName" in one))),
  },
  {
    checks: ["search-at-the-root-finds-both"],
    title: "a search at the root that does not say what it has found",
    answer: when(search, (answered) =>
      withList(answered, (all) => all.map((one) => withInner(one, "meta", "resourceType", "Resource"))),
    ),
  },
  {
    checks: ["search-takes-attributes", "search-takes-excluded-attributes"],
    title: "a search whose projection is overlooked",
    request: overlooking("attributes", "excludedAttributes"),
  },
  {
    checks: ["search-sorts"],
    title: "a search whose order is overlooked",
    request: overlooking("sortBy", "sortOrder"),
  },
];
