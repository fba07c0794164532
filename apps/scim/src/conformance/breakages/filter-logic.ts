import type { Breakage } from "../breakage.ts";
import { refusal } from "../broken-answer.ts";
import { filterReadAs } from "../broken-query.ts";
import { filter, when } from "../exchange-match.ts";

const notUnderstood = (pattern: RegExp): NonNullable<Breakage["answer"]> =>
  when(filter(pattern), () => refusal(400, "invalidFilter"));

/** Conditions that are joined wrongly, and names and texts that are misread. */
export const filterLogicBreakages: readonly Breakage[] = [
  { checks: ["filter-and", "filter-nested"], title: "and read as or", request: filterReadAs(/(true) and /, "$1 or ") },
  { checks: ["filter-or", "filter-brackets-first"], title: "or read as and", request: filterReadAs(/ or /, " and ") },
  {
    checks: ["filter-not", "filter-not-pr", "filter-not-before-and", "filter-not-over-group", "filter-nested"],
    title: "a not that is overlooked",
    request: filterReadAs(/not \(/, "("),
  },
  {
    checks: ["filter-and-before-or"],
    title: "conditions that are joined from left to right",
    request: filterReadAs(/\((name\S* eq "Dirac" or [^()]*?) and /, "(($1) and "),
  },
  {
    checks: ["filter-brackets-first"],
    title: "brackets that are overlooked",
    request: filterReadAs(/\((name\S* eq "Dirac" or [^()]*?)\) and /, "$1 and "),
  },
  {
    checks: ["filter-not-before-and"],
    title: "a not that holds for all that follows",
    request: filterReadAs(/not \(active eq false\) and ([^()]*)/, "not (active eq false and $1)"),
  },
  {
    checks: ["filter-not-over-group"],
    title: "a not that holds for the first condition only",
    request: filterReadAs(/not \(active eq false or ([^()]*)\)/, "not (active eq false) or $1"),
  },
  {
    checks: ["filter-operators-in-any-case"],
    title: "operators in small letters only",
    answer: notUnderstood(/ (?:EQ|AND|PR|Gt|Or) /),
  },
  {
    checks: ["filter-names-in-any-case"],
    title: "names in their own spelling only",
    answer: notUnderstood(/USERNAME|FAMILYNAME/),
  },
  {
    checks: ["filter-names-with-urn", "filter-sub-names-with-urn", "filter-group-with-urn"],
    title: "names without URNs only",
    answer: notUnderstood(/urn:/i),
  },
  {
    checks: ["filter-sub-names-with-urn"],
    title: "URNs in small letters only",
    answer: notUnderstood(/URN:/),
  },
  {
    checks: ["filter-text-with-quotes"],
    title: "escaped quotes that are dropped",
    request: filterReadAs(/\\"/g, ""),
  },
  {
    checks: ["filter-text-with-operators-inside"],
    title: "a text that ends at its first quote, escaped or not",
    request: filterReadAs(/\\"/g, '"'),
  },
  {
    checks: ["filter-text-with-unicode-escape"],
    title: "JSON escapes that stand for themselves",
    request: filterReadAs(/\\u/g, String.raw`\\u`),
  },
  {
    checks: ["filter-text-beyond-ascii"],
    title: "letters beyond ASCII that are lost",
    request: filterReadAs(/[^\x20-\x7e]/g, "?"),
  },
  {
    checks: ["filter-text-with-apostrophe"],
    title: "an apostrophe that is doubled",
    request: filterReadAs(/'/g, "''"),
  },
  {
    checks: ["filter-text-has-no-wildcards"],
    title: "a percent sign that stands for anything",
    request: filterReadAs(/name.familyName co "%"/, "name.familyName pr"),
  },
  {
    checks: ["filter-text-has-no-wildcards"],
    title: "an underscore that stands for any letter",
    request: filterReadAs(/"Dira_"/, '"Dirac"'),
  },
];
