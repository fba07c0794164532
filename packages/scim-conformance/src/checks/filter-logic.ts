import type { Check } from "../check.ts";
import { filterCheck, quoted } from "./filter-case.ts";

/** How conditions are joined, and how names and values may be written. */
export const filterLogicChecks: readonly Check[] = [
  filterCheck({
    id: "filter-and",
    title: "and finds those for whom both hold.",
    filter: () => 'active eq true and name.familyName gt "Cantor"',
    finds: [3, 5],
  }),
  filterCheck({
    id: "filter-or",
    title: "or finds those for whom at least one holds.",
    filter: (cast) =>
      `userName eq ${quoted(cast.person(1).userName)} or userName eq ${quoted(cast.person(5).userName)}`,
    finds: [1, 5],
    isWhole: true,
  }),
  filterCheck({
    id: "filter-not",
    title: "not finds those for whom the rest does not hold.",
    filter: () => 'not (name.familyName eq "Dirac")',
    finds: [1, 2, 4, 5],
  }),
  filterCheck({
    id: "filter-and-before-or",
    title: "and binds more tightly than or.",
    filter: () => 'name.familyName eq "Dirac" or name.familyName eq "Cantor" and active eq false',
    finds: [3, 4],
  }),
  filterCheck({
    id: "filter-brackets-first",
    title: "Brackets come before and.",
    filter: () => '(name.familyName eq "Dirac" or name.familyName eq "Cantor") and active eq false',
    finds: [4],
  }),
  filterCheck({
    id: "filter-not-before-and",
    title: "not binds more tightly than and.",
    filter: () => 'not (active eq false) and name.familyName gt "Cantor"',
    finds: [3, 5],
  }),
  filterCheck({
    id: "filter-not-over-group",
    title: "not holds for the whole of its brackets.",
    filter: () => 'not (active eq false or name.familyName gt "Cantor")',
    finds: [1, 2],
  }),
  filterCheck({
    id: "filter-nested",
    title: "Brackets may stand in brackets.",
    filter: () => '((active eq true and (displayName pr)) and not (name.familyName eq "Bernoulli"))',
    finds: [2, 5],
  }),
  filterCheck({
    id: "filter-operators-in-any-case",
    title: "Operators are read in any letter case.",
    filter: () => 'NOT (active EQ false) AND name.familyName Gt "Cantor" Or displayName PR aNd active eq false',
    finds: [3, 4, 5],
  }),
  filterCheck({
    id: "filter-names-in-any-case",
    clause: "RFC 7643 section 2.1",
    title: "Attribute names are read in any letter case.",
    filter: (cast) => `USERNAME eq ${quoted(cast.person(2).userName)} and Name.FAMILYNAME eq "archimedes"`,
    finds: [2],
    isWhole: true,
  }),
  filterCheck({
    id: "filter-names-with-urn",
    clause: "RFC 7644 section 3.10",
    title: "Attribute names may have the schema's URN in front.",
    filter: (cast) => `urn:ietf:params:scim:schemas:core:2.0:User:userName eq ${quoted(cast.person(2).userName)}`,
    finds: [2],
    isWhole: true,
  }),
  filterCheck({
    id: "filter-sub-names-with-urn",
    clause: "RFC 7644 section 3.10",
    title: "A sub-attribute may have the schema's URN in front of its attribute, in any letter case.",
    filter: () => 'URN:ietf:params:scim:schemas:CORE:2.0:user:name.familyName eq "Dirac"',
    finds: [3],
  }),
  filterCheck({
    id: "filter-text-with-quotes",
    title: "A quote and a backslash in a text are escaped as in JSON.",
    filter: (cast) => `displayName eq ${quoted(cast.person(5).displayName ?? "")}`,
    finds: [5],
  }),
  filterCheck({
    id: "filter-text-with-unicode-escape",
    title: "A letter in a text may be written as a JSON escape.",
    filter: () => String.raw`name.givenName eq "Zo\u00eb"`,
    finds: [3],
  }),
  filterCheck({
    id: "filter-text-beyond-ascii",
    clause: "RFC 7644 section 3.8",
    title: "A text may hold letters beyond ASCII.",
    filter: () => 'name.givenName eq "Zoë"',
    finds: [3],
  }),
  filterCheck({
    id: "filter-text-with-apostrophe",
    title: "An apostrophe in a text is a letter as any other.",
    filter: () => `name.familyName eq "O'Euler"`,
    finds: [5],
  }),
  filterCheck({
    id: "filter-text-has-no-wildcards",
    title: "%, _ and * in a text stand for themselves.",
    filter: () => 'name.familyName co "%" or name.familyName sw "Dira_" or name.familyName eq "Dir*"',
    finds: [],
  }),
  filterCheck({
    id: "filter-text-with-operators-inside",
    title: "Words inside a text are no operators.",
    filter: () => 'displayName eq "x\\" or active eq true or displayName eq \\"" or name.familyName eq "Dirac"',
    finds: [3],
  }),
];
