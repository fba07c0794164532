import { checksOf, type Chapter } from "../check.ts";
import { finds, findsAlone, quoted } from "./query-kinds.ts";

const chapter: Chapter = {
  clause: "RFC 7644 section 3.4.2.2",
  needs: "filter",
  faults: ["a filter that is ignored"],
};

/** How conditions are joined, and how names and values may be written. */
export const filterLogicChecks = checksOf(chapter, {
  "filter-and": {
    title: "and finds those for whom both hold.",
    run: finds('active eq true and name.familyName gt "Cantor"', [3, 5]),
    faults: ["and read as or"],
  },
  "filter-or": {
    title: "or finds those for whom at least one holds.",
    run: findsAlone(
      (target) =>
        `userName eq ${quoted(target.person(1).userName)} or userName eq ${quoted(target.person(5).userName)}`,
      [1, 5],
    ),
    faults: ["or read as and"],
  },
  "filter-not": {
    title: "not finds those for whom the rest does not hold.",
    run: finds('not (name.familyName eq "Dirac")', [1, 2, 4, 5]),
    faults: ["a not that is overlooked"],
  },
  "filter-and-before-or": {
    title: "and binds more tightly than or.",
    run: finds('name.familyName eq "Dirac" or name.familyName eq "Cantor" and active eq false', [3, 4]),
    faults: ["conditions that are joined from left to right"],
  },
  "filter-brackets-first": {
    title: "Brackets come before and.",
    run: finds('(name.familyName eq "Dirac" or name.familyName eq "Cantor") and active eq false', [4]),
    faults: ["or read as and", "brackets that are overlooked"],
  },
  "filter-not-before-and": {
    title: "not binds more tightly than and.",
    run: finds('not (active eq false) and name.familyName gt "Cantor"', [3, 5]),
    faults: ["a not that is overlooked", "a not that holds for all that follows"],
  },
  "filter-not-over-group": {
    title: "not holds for the whole of its brackets.",
    run: finds('not (active eq false or name.familyName gt "Cantor")', [1, 2]),
    faults: ["a not that is overlooked", "a not that holds for the first condition only"],
  },
  "filter-nested": {
    title: "Brackets may stand in brackets.",
    run: finds('((active eq true and (displayName pr)) and not (name.familyName eq "Bernoulli"))', [2, 5]),
    faults: ["and read as or", "a not that is overlooked"],
  },
  "filter-operators-in-any-case": {
    title: "Operators are read in any letter case.",
    run: finds(
      'NOT (active EQ false) AND name.familyName Gt "Cantor" Or displayName PR aNd active eq false',
      [3, 4, 5],
    ),
    faults: ["operators in small letters only"],
  },
  "filter-names-in-any-case": {
    clause: "RFC 7643 section 2.1",
    title: "Attribute names are read in any letter case.",
    run: findsAlone(
      (target) => `USERNAME eq ${quoted(target.person(2).userName)} and Name.FAMILYNAME eq "archimedes"`,
      [2],
    ),
    faults: ["names in their own spelling only"],
  },
  "filter-names-with-urn": {
    clause: "RFC 7644 section 3.10",
    title: "Attribute names may have the schema's URN in front.",
    run: findsAlone(
      (target) => `urn:ietf:params:scim:schemas:core:2.0:User:userName eq ${quoted(target.person(2).userName)}`,
      [2],
    ),
    faults: ["names without URNs only"],
  },
  "filter-sub-names-with-urn": {
    clause: "RFC 7644 section 3.10",
    title: "A sub-attribute may have the schema's URN in front of its attribute, in any letter case.",
    run: finds('URN:ietf:params:scim:schemas:CORE:2.0:user:name.familyName eq "Dirac"', [3]),
    faults: ["names without URNs only", "URNs in small letters only"],
  },
  "filter-text-with-quotes": {
    title: "A quote and a backslash in a text are escaped as in JSON.",
    run: finds((target) => `displayName eq ${quoted(target.person(5).displayName ?? "")}`, [5]),
    faults: ["escaped quotes that are dropped"],
  },
  "filter-text-with-unicode-escape": {
    title: "A letter in a text may be written as a JSON escape.",
    run: finds(String.raw`name.givenName eq "Zo\u00eb"`, [3]),
    faults: ["JSON escapes that stand for themselves"],
  },
  "filter-text-beyond-ascii": {
    clause: "RFC 7644 section 3.8",
    title: "A text may hold letters beyond ASCII.",
    run: finds('name.givenName eq "Zoë"', [3]),
    faults: ["letters beyond ASCII that are lost"],
  },
  "filter-text-with-apostrophe": {
    title: "An apostrophe in a text is a letter as any other.",
    run: finds(`name.familyName eq "O'Euler"`, [5]),
    faults: ["an apostrophe that is doubled"],
  },
  "filter-text-has-no-wildcards": {
    title: "%, _ and * in a text stand for themselves.",
    run: finds('name.familyName co "%" or name.familyName sw "Dira_" or name.familyName eq "Dir*"', []),
    faults: ["a percent sign that stands for anything", "an underscore that stands for any letter"],
  },
  "filter-text-with-operators-inside": {
    title: "Words inside a text are no operators.",
    run: finds('displayName eq "x\\" or active eq true or displayName eq \\"" or name.familyName eq "Dirac"', [3]),
    faults: ["a text that ends at its first quote, escaped or not"],
  },
});
