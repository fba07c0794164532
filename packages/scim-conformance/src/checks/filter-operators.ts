import { expectError, expectThat, idsOf } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import { finds, findsAlone, invalidFilter, quoted } from "./query-kinds.ts";

const chapter: Chapter = {
  clause: "RFC 7644 section 3.4.2.2",
  needs: "filter",
  faults: ["a filter that is ignored"],
};

/** The operators one by one. */
export const filterOperatorChecks = checksOf(chapter, {
  "filter-eq": {
    title: "eq finds the one with this userName.",
    run: findsAlone((target) => `userName eq ${quoted(target.person(2).userName)}`, [2]),
    faults: ["eq read as ne"],
  },
  "filter-eq-ignores-case": {
    title: "eq compares userName, which is not case-exact, in any letter case.",
    run: findsAlone((target) => `userName eq ${quoted(target.person(2).userName.toUpperCase())}`, [2]),
    faults: ["texts that are compared letter by letter"],
  },
  "filter-eq-external-id": {
    title: "eq finds the one with this externalId.",
    run: findsAlone((target) => `externalId eq ${quoted(target.person(3).externalId)}`, [3]),
    faults: ["eq read as ne"],
  },
  "filter-eq-is-case-exact": {
    clause: "RFC 7643 section 3.1",
    title: "eq compares externalId, which is case-exact, letter by letter.",
    run: finds((target) => `externalId eq ${quoted(target.person(3).externalId.toLowerCase())}`, []),
    faults: ["an externalId in any letter case"],
  },
  "filter-eq-id": {
    title: "eq finds the one with this id.",
    run: findsAlone((target) => `id eq ${quoted(target.person(4).id)}`, [4]),
    faults: ["eq read as ne"],
  },
  "filter-eq-true": {
    title: "eq compares a boolean with true.",
    run: finds("active eq true", [1, 2, 3, 5]),
    faults: ["a boolean that is always true"],
  },
  "filter-eq-false": {
    title: "eq compares a boolean with false.",
    run: finds("active eq false", [4]),
    faults: ["a boolean that is always true"],
  },
  "filter-ne": {
    title: "ne finds all but the one, those without a value too.",
    run: finds('displayName ne "Ada Conformance"', [2, 3, 4, 5]),
    faults: ["ne that forgets who has no value", "ne read as eq"],
  },
  "filter-ne-ignores-case": {
    title: "ne compares in any letter case what is not case-exact.",
    run: finds('displayName ne "ADA conformance"', [2, 3, 4, 5]),
    faults: ["ne that compares letter by letter"],
  },
  "filter-ne-boolean": {
    title: "ne compares booleans.",
    run: finds("active ne true", [4]),
    faults: ["ne read as eq"],
  },
  "filter-co": {
    title: "co finds a part in the middle.",
    run: finds('name.familyName co "ern"', [1]),
    faults: ["co read as eq", "co read as sw"],
  },
  "filter-co-ignores-case": {
    title: "co compares in any letter case what is not case-exact.",
    run: finds('name.familyName co "CANTO"', [4]),
    faults: ["texts that are compared letter by letter", "co read as eq"],
  },
  "filter-sw": {
    title: "sw finds the beginning, and nothing that only contains it.",
    run: finds('displayName sw "d"', [4]),
    faults: ["sw read as co"],
  },
  "filter-ew": {
    title: "ew finds the end, and nothing that only contains it.",
    run: finds('name.familyName ew "I"', [1]),
    faults: ["ew read as co"],
  },
  "filter-gt": {
    title: "gt finds what comes after a text, in any letter case.",
    run: finds('name.familyName gt "Cantor"', [3, 5]),
    faults: ["capital letters that come before all small ones", "gt read as ge"],
  },
  "filter-ge": {
    title: "ge finds the text itself and what comes after it.",
    run: finds('name.familyName ge "Cantor"', [3, 4, 5]),
    faults: ["capital letters that come before all small ones", "ge read as gt"],
  },
  "filter-lt": {
    title: "lt finds what comes before a text, in any letter case.",
    run: finds('name.familyName lt "Cantor"', [1, 2]),
    faults: ["capital letters that come before all small ones", "lt read as le"],
  },
  "filter-le": {
    title: "le finds the text itself and what comes before it.",
    run: finds('name.familyName le "Cantor"', [1, 2, 4]),
    faults: ["capital letters that come before all small ones", "le read as lt"],
  },
  "filter-pr": {
    title: "pr finds who has a value, and leaves out who has none.",
    run: finds("displayName pr", [1, 2, 4, 5]),
    faults: ["pr that holds for everybody"],
  },
  "filter-pr-complex": {
    title: "pr on a complex attribute finds who has any part of it.",
    run: finds("name pr", [1, 2, 3, 4, 5]),
    faults: ["pr on a complex attribute that is not understood"],
  },
  "filter-not-pr": {
    title: "not with pr finds who has no value.",
    run: finds("not (displayName pr)", [3]),
    faults: ["a not that is overlooked", "pr that holds for everybody"],
  },
  "filter-compares-no-absent-value": {
    title: "Who has no value is found by no comparison with a text but ne.",
    run: finds('displayName lt "zzz" or displayName ge "a" or displayName co "a"', [1, 2, 4, 5]),
    faults: ["no value that is taken for an empty text"],
  },
});

const malformed: Chapter = {
  clause: "RFC 7644 section 3.12",
  needs: "filter",
  faults: [
    "a filter that is ignored",
    "a filter that is ignored where it cannot be read",
    "a filter that is refused without saying what is wrong",
  ],
};

/** Filters that cannot be evaluated. */
export const malformedFilterChecks = checksOf(malformed, {
  "filter-boolean-has-no-gt": {
    title: "gt on a boolean is 400 invalidFilter.",
    run: invalidFilter("active gt true"),
  },
  "filter-boolean-has-no-le": {
    title: "le on a boolean is 400 invalidFilter.",
    run: invalidFilter("active le false"),
  },
  "filter-invalid-without-value": {
    title: "A comparison without a value is 400.",
    run: invalidFilter("userName eq"),
  },
  "filter-invalid-operator": {
    title: "An operator that does not exist is 400.",
    run: invalidFilter('userName like "a"'),
  },
  "filter-invalid-text": {
    title: "A text without its end is 400.",
    run: invalidFilter('userName eq "ada'),
  },
  "filter-invalid-bare-text": {
    title: "A text without quotes is 400.",
    run: invalidFilter("userName eq ada"),
  },
  "filter-invalid-brackets": {
    title: "A bracket without its end is 400.",
    run: invalidFilter('(userName eq "a"'),
  },
  "filter-invalid-end": {
    title: "A filter that ends with and is 400.",
    run: invalidFilter('userName eq "a" and'),
  },
  "filter-invalid-rest": {
    title: "Something behind the filter is 400.",
    run: invalidFilter('userName eq "a" "b"'),
  },
  "filter-unknown-attribute-finds-nobody": {
    clause: "RFC 7644 section 3.4.2.2",
    title: "A filter on an attribute that does not exist is 400 invalidFilter or finds nobody; never everybody.",
    run: async (target) => {
      const response = await target.get("/Users", { filter: 'favouriteColour eq "red"' });
      if (response.status !== 200) return expectError(response, 400, "invalidFilter");
      expectThat(response, idsOf(response).length === 0, "should find nobody");
    },
  },
});
