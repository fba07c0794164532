import { check, checksOf } from "../check.ts";
import { filterChapter, finds, findsAlone, quoted } from "./query-kinds.ts";

/** How conditions are joined, and how names and values may be written. */
export const filterLogicChecks = checksOf(filterChapter, {
  "filter-and": check("and finds people that match both conditions.")
    .run(finds('active eq true and name.familyName gt "Cantor"', [3, 5]))
    .faults("and read as or"),
  "filter-or": check("or finds people that match at least one condition.")
    .run(
      findsAlone(
        (target) =>
          `userName eq ${quoted(target.person(1).userName)} or userName eq ${quoted(target.person(5).userName)}`,
        [1, 5],
      ),
    )
    .faults("or read as and"),
  "filter-not": check("not finds people that do not match its condition.")
    .run(finds('not (name.familyName eq "Dirac")', [1, 2, 4, 5]))
    .faults("a not that is ignored"),
  "filter-and-before-or": check("and binds more tightly than or.")
    .run(finds('name.familyName eq "Dirac" or name.familyName eq "Cantor" and active eq false', [3, 4]))
    .faults("conditions that are joined from left to right"),
  "filter-brackets-first": check("Brackets come before and.")
    .run(finds('(name.familyName eq "Dirac" or name.familyName eq "Cantor") and active eq false', [4]))
    .faults("or read as and", "brackets that are ignored"),
  "filter-not-before-and": check("not binds more tightly than and.")
    .run(finds('not (active eq false) and name.familyName gt "Cantor"', [3, 5]))
    .faults("a not that is ignored", "a not that holds for all that follows"),
  "filter-not-over-group": check("not applies to the whole of its brackets.")
    .run(finds('not (active eq false or name.familyName gt "Cantor")', [1, 2]))
    .faults("a not that is ignored", "a not that holds for the first condition only"),
  "filter-nested": check("Brackets may stand in brackets.")
    .run(finds('((active eq true and (displayName pr)) and not (name.familyName eq "Bernoulli"))', [2, 5]))
    .faults("and read as or", "a not that is ignored"),
  "filter-operators-in-any-case": check("Operators are read in any letter case.")
    .run(
      finds('NOT (active EQ false) AND name.familyName Gt "Cantor" Or displayName PR aNd active eq false', [3, 4, 5]),
    )
    .faults("operators in small letters only"),
  "filter-names-in-any-case": check("Attribute names are read in any letter case.")
    .clause("RFC 7643 section 2.1")
    .run(
      findsAlone(
        (target) => `USERNAME eq ${quoted(target.person(2).userName)} and Name.FAMILYNAME eq "archimedes"`,
        [2],
      ),
    )
    .faults("names in their own spelling only"),
  "filter-names-with-urn": check("Attribute names may have the schema's URN in front.")
    .clause("RFC 7644 section 3.10")
    .run(
      findsAlone(
        (target) => `urn:ietf:params:scim:schemas:core:2.0:User:userName eq ${quoted(target.person(2).userName)}`,
        [2],
      ),
    )
    .faults("names without URNs only"),
  "filter-sub-names-with-urn": check("A sub-attribute may have the schema's URN before its attribute, in any case.")
    .clause("RFC 7644 section 3.10")
    .run(finds('URN:ietf:params:scim:schemas:CORE:2.0:user:name.familyName eq "Dirac"', [3]))
    .faults("names without URNs only", "URNs in small letters only"),
  "filter-text-with-quotes": check("A quote and a backslash in a text are escaped as in JSON.")
    .run(finds((target) => `displayName eq ${quoted(target.person(5).displayName ?? "")}`, [5]))
    .faults("escaped quotes that are dropped"),
  "filter-text-with-unicode-escape": check("A letter in a text may be written as a JSON escape.")
    .run(finds(String.raw`name.givenName eq "Zo\u00eb"`, [3]))
    .faults("JSON escapes that stand for themselves"),
  "filter-text-beyond-ascii": check("A text may hold letters beyond ASCII.")
    .clause("RFC 7644 section 3.8")
    .run(finds('name.givenName eq "Zoë"', [3]))
    .faults("letters beyond ASCII that are lost"),
  "filter-text-with-apostrophe": check("An apostrophe in a text is a letter as any other.")
    .run(finds(`name.familyName eq "O'Euler"`, [5]))
    .faults("an apostrophe that is doubled"),
  "filter-text-has-no-wildcards": check("%, _ and * in a text stand for themselves.")
    .run(finds('name.familyName co "%" or name.familyName sw "Dira_" or name.familyName eq "Dir*"', []))
    .faults("a percent sign that stands for anything", "an underscore that stands for any letter"),
  "filter-text-with-operators-inside": check("Words inside a text are no operators.")
    .run(finds('displayName eq "x\\" or active eq true or displayName eq \\"" or name.familyName eq "Dirac"', [3]))
    .faults("a text that ends at its first quote, escaped or not"),
});
