import { expectError, expectThat, idsOf } from "../assertion.ts";
import type { Check } from "../check.ts";
import { filterCheck, filterClause, invalidFilterCheck, quoted } from "./filter-case.ts";

/** The operators one by one. */
export const filterOperatorChecks: readonly Check[] = [
  filterCheck({
    id: "filter-eq",
    title: "eq finds the one with this userName.",
    filter: (cast) => `userName eq ${quoted(cast.person(2).userName)}`,
    finds: [2],
    isWhole: true,
  }),
  filterCheck({
    id: "filter-eq-ignores-case",
    title: "eq compares userName, which is not case-exact, in any letter case.",
    filter: (cast) => `userName eq ${quoted(cast.person(2).userName.toUpperCase())}`,
    finds: [2],
    isWhole: true,
  }),
  filterCheck({
    id: "filter-eq-external-id",
    title: "eq finds the one with this externalId.",
    filter: (cast) => `externalId eq ${quoted(cast.person(3).externalId)}`,
    finds: [3],
    isWhole: true,
  }),
  filterCheck({
    id: "filter-eq-is-case-exact",
    clause: "RFC 7643 section 3.1",
    title: "eq compares externalId, which is case-exact, letter by letter.",
    filter: (cast) => `externalId eq ${quoted(cast.person(3).externalId.toLowerCase())}`,
    finds: [],
  }),
  filterCheck({
    id: "filter-eq-id",
    title: "eq finds the one with this id.",
    filter: (cast) => `id eq ${quoted(cast.person(4).id)}`,
    finds: [4],
    isWhole: true,
  }),
  filterCheck({
    id: "filter-eq-true",
    title: "eq compares a boolean with true.",
    filter: () => "active eq true",
    finds: [1, 2, 3, 5],
  }),
  filterCheck({
    id: "filter-eq-false",
    title: "eq compares a boolean with false.",
    filter: () => "active eq false",
    finds: [4],
  }),
  filterCheck({
    id: "filter-ne",
    title: "ne finds all but the one, those without a value too.",
    filter: () => 'displayName ne "Ada Conformance"',
    finds: [2, 3, 4, 5],
  }),
  filterCheck({
    id: "filter-ne-ignores-case",
    title: "ne compares in any letter case what is not case-exact.",
    filter: () => 'displayName ne "ADA conformance"',
    finds: [2, 3, 4, 5],
  }),
  filterCheck({
    id: "filter-ne-boolean",
    title: "ne compares booleans.",
    filter: () => "active ne true",
    finds: [4],
  }),
  filterCheck({
    id: "filter-co",
    title: "co finds a part in the middle.",
    filter: () => 'name.familyName co "ern"',
    finds: [1],
  }),
  filterCheck({
    id: "filter-co-ignores-case",
    title: "co compares in any letter case what is not case-exact.",
    filter: () => 'name.familyName co "CANTO"',
    finds: [4],
  }),
  filterCheck({
    id: "filter-sw",
    title: "sw finds the beginning, and nothing that only contains it.",
    filter: () => 'displayName sw "d"',
    finds: [4],
  }),
  filterCheck({
    id: "filter-ew",
    title: "ew finds the end, and nothing that only contains it.",
    filter: () => 'name.familyName ew "I"',
    finds: [1],
  }),
  filterCheck({
    id: "filter-gt",
    title: "gt finds what comes after a text, in any letter case.",
    filter: () => 'name.familyName gt "Cantor"',
    finds: [3, 5],
  }),
  filterCheck({
    id: "filter-ge",
    title: "ge finds the text itself and what comes after it.",
    filter: () => 'name.familyName ge "Cantor"',
    finds: [3, 4, 5],
  }),
  filterCheck({
    id: "filter-lt",
    title: "lt finds what comes before a text, in any letter case.",
    filter: () => 'name.familyName lt "Cantor"',
    finds: [1, 2],
  }),
  filterCheck({
    id: "filter-le",
    title: "le finds the text itself and what comes before it.",
    filter: () => 'name.familyName le "Cantor"',
    finds: [1, 2, 4],
  }),
  filterCheck({
    id: "filter-pr",
    title: "pr finds who has a value, and leaves out who has none.",
    filter: () => "displayName pr",
    finds: [1, 2, 4, 5],
  }),
  filterCheck({
    id: "filter-pr-complex",
    title: "pr on a complex attribute finds who has any part of it.",
    filter: () => "name pr",
    finds: [1, 2, 3, 4, 5],
  }),
  filterCheck({
    id: "filter-not-pr",
    title: "not with pr finds who has no value.",
    filter: () => "not (displayName pr)",
    finds: [3],
  }),
  filterCheck({
    id: "filter-compares-no-absent-value",
    title: "Who has no value is found by no comparison with a text but ne.",
    filter: () => 'displayName lt "zzz" or displayName ge "a" or displayName co "a"',
    finds: [1, 2, 4, 5],
  }),
  invalidFilterCheck("filter-boolean-has-no-gt", "gt on a boolean is 400 invalidFilter.", "active gt true"),
  invalidFilterCheck("filter-boolean-has-no-le", "le on a boolean is 400 invalidFilter.", "active le false"),
  invalidFilterCheck("filter-invalid-without-value", "A comparison without a value is 400.", "userName eq"),
  invalidFilterCheck("filter-invalid-operator", "An operator that does not exist is 400.", 'userName like "a"'),
  invalidFilterCheck("filter-invalid-text", "A text without its end is 400.", 'userName eq "ada'),
  invalidFilterCheck("filter-invalid-bare-text", "A text without quotes is 400.", "userName eq ada"),
  invalidFilterCheck("filter-invalid-brackets", "A bracket without its end is 400.", '(userName eq "a"'),
  invalidFilterCheck("filter-invalid-end", "A filter that ends with and is 400.", 'userName eq "a" and'),
  invalidFilterCheck("filter-invalid-rest", "Something behind the filter is 400.", 'userName eq "a" "b"'),
  {
    id: "filter-unknown-attribute-finds-nobody",
    clause: filterClause,
    title: "A filter on an attribute that does not exist is 400 invalidFilter or finds nobody; never everybody.",
    needs: "filter",
    run: async (target) => {
      const answer = await target.get("/Users", { filter: 'favouriteColour eq "red"' });
      if (answer.status !== 200) return expectError(answer, 400, "invalidFilter");
      expectThat(answer, idsOf(answer).length === 0, "should find nobody");
    },
  },
];
