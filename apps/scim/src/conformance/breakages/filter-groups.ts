import type { Breakage } from "../breakage.ts";
import { emptied } from "../broken-answer.ts";
import { filterReadAs } from "../broken-query.ts";
import { filter, when } from "../exchange-match.ts";

/** Filters over groups that are misread. */
export const filterGroupBreakages: readonly Breakage[] = [
  {
    checks: ["filter-group-name", "filter-group-external-id"],
    title: "eq on groups read as ne",
    request: filterReadAs(/ eq /, " ne "),
  },
  {
    checks: ["filter-group-beginning"],
    title: "sw on groups read as eq",
    request: filterReadAs(/ sw /, " eq "),
  },
  {
    checks: ["filter-group-member", "filter-group-name-and-member", "filter-group-member-path"],
    title: "members that cannot be found",
    answer: when(filter(/members/), emptied),
  },
  {
    checks: ["filter-group-member", "filter-group-member-path"],
    title: "members that are not compared",
    request: filterReadAs(/members(?:\.value eq "[^"]*"|\[[^\]]*\])/, "members pr"),
  },
  {
    checks: ["filter-group-name-and-member"],
    title: "and over groups read as or",
    request: filterReadAs(/ and /, " or "),
  },
  {
    checks: ["filter-group-without-member"],
    title: "a not over groups that is overlooked",
    request: filterReadAs(/not \(/, "("),
  },
];
