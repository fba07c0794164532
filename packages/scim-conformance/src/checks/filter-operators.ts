import { expectError, expectThat, idsOf } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import { filterChapter, finds, findsAlone, invalidFilter, quoted } from "./query-kinds.ts";

/** The operators one by one. */
export const filterOperatorChecks = checksOf(filterChapter, {
  "filter-eq": check("eq finds the one with this userName.")
    .run(findsAlone((target) => `userName eq ${quoted(target.person(2).userName)}`, [2]))
    .faults("eq read as ne"),
  "filter-eq-ignores-case": check("eq compares userName, which is not case-exact, in any letter case.")
    .run(findsAlone((target) => `userName eq ${quoted(target.person(2).userName.toUpperCase())}`, [2]))
    .faults("texts that are compared letter by letter"),
  "filter-eq-external-id": check("eq finds the one with this externalId.")
    .run(findsAlone((target) => `externalId eq ${quoted(target.person(3).externalId)}`, [3]))
    .faults("eq read as ne"),
  "filter-eq-is-case-exact": check("eq compares externalId, which is case-exact, letter by letter.")
    .clause("RFC 7643 section 3.1")
    .run(finds((target) => `externalId eq ${quoted(target.person(3).externalId.toLowerCase())}`, []))
    .faults("an externalId in any letter case"),
  "filter-eq-id": check("eq finds the one with this id.")
    .run(findsAlone((target) => `id eq ${quoted(target.person(4).id)}`, [4]))
    .faults("eq read as ne"),
  "filter-eq-true": check("eq compares a boolean with true.")
    .run(finds("active eq true", [1, 2, 3, 5]))
    .faults("a boolean that is always true"),
  "filter-eq-false": check("eq compares a boolean with false.")
    .run(finds("active eq false", [4]))
    .faults("a boolean that is always true"),
  "filter-ne": check("ne finds all others, also people without a value.")
    .run(finds('displayName ne "Ada Conformance"', [2, 3, 4, 5]))
    .faults("ne that omits people without a value", "ne read as eq"),
  "filter-ne-ignores-case": check("ne ignores letter case if the attribute is not case-exact.")
    .run(finds('displayName ne "ADA conformance"', [2, 3, 4, 5]))
    .faults("ne that compares letter by letter"),
  "filter-ne-boolean": check("ne compares booleans.")
    .run(finds("active ne true", [4]))
    .faults("ne read as eq"),
  "filter-co": check("co finds a part in the middle.")
    .run(finds('name.familyName co "ern"', [1]))
    .faults("co read as eq", "co read as sw"),
  "filter-co-ignores-case": check("co ignores letter case if the attribute is not case-exact.")
    .run(finds('name.familyName co "CANTO"', [4]))
    .faults("texts that are compared letter by letter", "co read as eq"),
  "filter-sw": check("sw finds the beginning, and nothing that only contains it.")
    .run(finds('displayName sw "d"', [4]))
    .faults("sw read as co"),
  "filter-ew": check("ew finds the end, and nothing that only contains it.")
    .run(finds('name.familyName ew "I"', [1]))
    .faults("ew read as co"),
  "filter-gt": check("gt finds what comes after a text, in any letter case.")
    .run(finds('name.familyName gt "Cantor"', [3, 5]))
    .faults("capital letters that come before all small ones", "gt read as ge"),
  "filter-ge": check("ge finds the text itself and what comes after it.")
    .run(finds('name.familyName ge "Cantor"', [3, 4, 5]))
    .faults("capital letters that come before all small ones", "ge read as gt"),
  "filter-lt": check("lt finds what comes before a text, in any letter case.")
    .run(finds('name.familyName lt "Cantor"', [1, 2]))
    .faults("capital letters that come before all small ones", "lt read as le"),
  "filter-le": check("le finds the text itself and what comes before it.")
    .run(finds('name.familyName le "Cantor"', [1, 2, 4]))
    .faults("capital letters that come before all small ones", "le read as lt"),
  "filter-pr": check("pr finds people with a value, and no others.")
    .run(finds("displayName pr", [1, 2, 4, 5]))
    .faults("pr that holds for everybody"),
  "filter-pr-complex": check("pr on a complex attribute finds people with any part of it.")
    .run(finds("name pr", [1, 2, 3, 4, 5]))
    .faults("pr on a complex attribute that is not understood"),
  "filter-not-pr": check("not with pr finds people without a value.")
    .run(finds("not (displayName pr)", [3]))
    .faults("a not that is ignored", "pr that holds for everybody"),
  "filter-compares-no-absent-value": check("People without a value match no comparison with a text but ne.")
    .run(finds('displayName lt "zzz" or displayName ge "a" or displayName co "a"', [1, 2, 4, 5]))
    .faults("no value that is compared as an empty text"),
});

const malformed: Chapter = {
  clause: "RFC 7644 section 3.12",
  needs: ["filter"],
  faults: [
    "a filter that is ignored",
    "a filter that is ignored where it cannot be read",
    "a filter that is refused without a scimType",
  ],
};

/** Filters that cannot be evaluated. */
export const malformedFilterChecks = checksOf(malformed, {
  "filter-boolean-has-no-gt": check("gt on a boolean is 400 invalidFilter.").run(invalidFilter("active gt true")),
  "filter-boolean-has-no-le": check("le on a boolean is 400 invalidFilter.").run(invalidFilter("active le false")),
  "filter-invalid-without-value": check("A comparison without a value is 400.").run(invalidFilter("userName eq")),
  "filter-invalid-operator": check("An operator that does not exist is 400.").run(invalidFilter('userName like "a"')),
  "filter-invalid-text": check("A text without its end is 400.").run(invalidFilter('userName eq "ada')),
  "filter-invalid-bare-text": check("A text without quotes is 400.").run(invalidFilter("userName eq ada")),
  "filter-invalid-brackets": check("A bracket without its end is 400.").run(invalidFilter('(userName eq "a"')),
  "filter-invalid-end": check("A filter that ends with and is 400.").run(invalidFilter('userName eq "a" and')),
  "filter-invalid-rest": check("Text after the filter is 400.").run(invalidFilter('userName eq "a" "b"')),
  "filter-unknown-attribute-finds-nobody": check("An unknown attribute is 400 invalidFilter or finds no one.")
    .clause("RFC 7644 section 3.4.2.2")
    .run(async (target) => {
      const response = await target.get("/Users", { filter: 'favouriteColour eq "red"' });
      if (response.status !== 200) return expectError(response, 400, "invalidFilter");
      expectThat(response, idsOf(response).length === 0, "should find no one");
    }),
});
