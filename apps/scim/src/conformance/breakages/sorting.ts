import { withList, withQuery, type Breakage, type JsonObject } from "../breakage.ts";
import { withoutParameter } from "../broken-query.ts";
import { call, when } from "../exchange-match.ts";

const list = call("GET", /^\/(?:Users|Groups)$/);

export const sortingBreakages: readonly Breakage[] = [
  {
    checks: [
      "sort-ascending-by-default",
      "sort-ascending",
      "sort-absent-last",
      "sort-by-many-values",
      "sort-by-time",
      "sort-groups",
    ],
    title: "an order that is turned round",
    answer: when(list, (answered) => withList(answered, (all) => all.toReversed())),
  },
  {
    checks: [
      "sort-descending",
      "sort-absent-first",
      "sort-by-many-values",
      "sort-with-filter",
      "sort-by-time",
      "sort-groups",
    ],
    title: "a sortOrder that is ignored",
    request: withoutParameter("sortOrder"),
  },
  {
    checks: [
      "sort-ignores-case",
      "sort-name-in-any-case",
      "sort-name-with-urn",
      "sort-before-paging",
      "sort-with-filter",
      "sort-by-time",
    ],
    title: "a sortBy that is ignored",
    request: withoutParameter("sortBy"),
  },
  {
    checks: ["sort-ascending-by-default"],
    title: "descending as the default",
    request: (asked) =>
      withQuery(asked, (query) => {
        if (query.has("sortBy") && !query.has("sortOrder")) query.set("sortOrder", "descending");
      }),
  },
  {
    checks: ["sort-ignores-case", "sort-with-filter"],
    title: "capital letters before all small ones",
    answer: when(list, (answered) => withList(answered, (all) => all.toSorted(byCodePoint))),
  },
  {
    checks: ["sort-absent-last"],
    title: "who has no value in front of all others",
    answer: when(list, (answered) => withList(answered, (all) => [...all.filter(isNameless), ...all.filter(isNamed)])),
  },
  {
    checks: ["sort-absent-first"],
    title: "who has no value behind all others",
    answer: when(list, (answered) => withList(answered, (all) => [...all.filter(isNamed), ...all.filter(isNameless)])),
  },
  {
    checks: ["sort-name-in-any-case", "sort-name-with-urn"],
    title: "a sortBy in its own spelling only",
    request: (asked) => (/NAME|urn/.test(asked.query.get("sortBy") ?? "") ? withoutParameter("sortBy")(asked) : asked),
  },
  {
    checks: ["sort-before-paging"],
    title: "pages that are cut before they are sorted",
    request: (asked) => (asked.query.has("startIndex") ? withoutParameter("sortBy")(asked) : asked),
    answer: when(list, (answered) => withList(answered, (all) => all.toSorted(byCodePoint))),
  },
];

function isNamed(resource: JsonObject): boolean {
  return resource["displayName"] !== undefined;
}

function isNameless(resource: JsonObject): boolean {
  return !isNamed(resource);
}

function byCodePoint(left: JsonObject, right: JsonObject): number {
  return JSON.stringify(left["name"]) < JSON.stringify(right["name"]) ? -1 : 1;
}
