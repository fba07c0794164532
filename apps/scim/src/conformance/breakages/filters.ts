import { withBody, without, type Breakage } from "../breakage.ts";
import { emptied, refusal } from "../broken-answer.ts";
import { filterReadAs, withoutParameter } from "../broken-query.ts";
import { filter, status, when } from "../exchange-match.ts";

const invalid = [
  "filter-boolean-has-no-gt",
  "filter-boolean-has-no-le",
  "filter-invalid-without-value",
  "filter-invalid-operator",
  "filter-invalid-text",
  "filter-invalid-bare-text",
  "filter-invalid-brackets",
  "filter-invalid-end",
  "filter-invalid-rest",
  "filter-group-invalid",
];

/** Operators that are taken for others, and filters that are not understood. */
export const filterBreakages: readonly Breakage[] = [
  {
    checks: [...invalid, "filter-unknown-attribute-finds-nobody"],
    title: "a filter that is ignored where it cannot be read",
    answer: ({ asked, answered, ask }) => (answered.status === 400 ? ask(withoutParameter("filter")(asked)) : answered),
  },
  {
    checks: [...invalid, "filter-unknown-attribute-finds-nobody", "search-invalid-filter-is-400"],
    title: "a filter that is refused without saying what is wrong",
    answer: when(status(400), (answered) => withBody(answered, (body) => without(body, "scimType"))),
  },
  {
    checks: ["filter-eq", "filter-eq-external-id", "filter-eq-id", "filter-date-eq", "filter-date-east"],
    title: "eq read as ne",
    request: filterReadAs(/ eq /, " ne "),
  },
  {
    checks: ["filter-eq-ignores-case", "filter-co-ignores-case", "filter-group-name-ignores-case"],
    title: "texts that are compared letter by letter",
    answer: when(filter(/"[^"]*[A-Z]{4}[^"]*"/), emptied),
  },
  {
    checks: ["filter-gt", "filter-ge", "filter-lt", "filter-le"],
    title: "capital letters that come before all small ones",
    request: filterReadAs(/"Cantor"/, '"AAA"'),
  },
  {
    checks: ["filter-ne-ignores-case"],
    title: "ne that compares letter by letter",
    request: filterReadAs(/"ADA conformance"/, '"nobody"'),
  },
  {
    checks: ["filter-eq-is-case-exact"],
    title: "an externalId in any letter case",
    request: filterReadAs(/-external-/, "-External-"),
  },
  {
    checks: ["filter-eq-true", "filter-eq-false"],
    title: "a boolean that is always true",
    request: filterReadAs(/active eq (?:true|false)/, "userName pr"),
  },
  {
    checks: ["filter-ne"],
    title: "ne that forgets who has no value",
    request: filterReadAs(/displayName ne ("[^"]*")/, "(displayName ne $1 and displayName pr)"),
  },
  { checks: ["filter-ne-boolean", "filter-ne"], title: "ne read as eq", request: filterReadAs(/ ne /, " eq ") },
  { checks: ["filter-co", "filter-co-ignores-case"], title: "co read as eq", request: filterReadAs(/ co /, " eq ") },
  { checks: ["filter-co"], title: "co read as sw", request: filterReadAs(/ co /, " sw ") },
  { checks: ["filter-sw"], title: "sw read as co", request: filterReadAs(/displayName sw /, "displayName co ") },
  { checks: ["filter-ew"], title: "ew read as co", request: filterReadAs(/ ew /, " co ") },
  { checks: ["filter-gt", "filter-date-gt"], title: "gt read as ge", request: filterReadAs(/ gt /, " ge ") },
  { checks: ["filter-ge", "filter-date-ge"], title: "ge read as gt", request: filterReadAs(/ ge /, " gt ") },
  { checks: ["filter-lt", "filter-date-lt"], title: "lt read as le", request: filterReadAs(/ lt /, " le ") },
  {
    checks: ["filter-le", "filter-date-le", "filter-date-west"],
    title: "le read as lt",
    request: filterReadAs(/ le /, " lt "),
  },
  {
    checks: ["filter-pr", "filter-not-pr"],
    title: "pr that holds for everybody",
    request: filterReadAs(/displayName pr/, "userName pr"),
  },
  {
    checks: ["filter-pr-complex"],
    title: "pr on a complex attribute that is not understood",
    answer: when(filter(/\(name pr\)/), () => refusal(400, "invalidFilter")),
  },
  {
    checks: ["filter-compares-no-absent-value"],
    title: "no value that is taken for an empty text",
    request: filterReadAs(/displayName lt ("[^"]*")/, "(displayName lt $1 or not (displayName pr))"),
  },
  {
    checks: ["filter-date-east", "filter-date-west"],
    title: "an offset that is ignored",
    request: filterReadAs(/[+-]\d\d:\d\d"/, 'Z"'),
  },
  {
    checks: ["filter-date-past"],
    title: "times that are compared backwards",
    request: filterReadAs(/ gt "2011/, ' lt "2011'),
  },
  {
    checks: ["filter-sub-attribute"],
    title: "a sub-attribute that is taken for another",
    request: filterReadAs(/name\.givenName/, "name.familyName"),
  },
  {
    checks: ["filter-many-values"],
    title: "values of which only a second one is looked at",
    answer: when(filter(/emails\.value/), emptied),
  },
  {
    checks: ["filter-value-path", "filter-value-path-needs-one-value", "filter-value-path-with-or"],
    title: "square brackets that are not looked into",
    request: filterReadAs(/emails\[.*?\]/, "emails pr"),
  },
  {
    checks: ["filter-value-path-and-more"],
    title: "a filter that is read as far as its square brackets",
    request: filterReadAs(/\] and [^)]*/, "]"),
  },
  {
    checks: ["filter-boolean-in-values"],
    title: "a boolean in square brackets that is never true",
    request: filterReadAs(/primary eq true/, "primary eq false"),
  },
];
