import { describe, expect, test } from "vitest";
import { printFilter } from "../testing/filter-arbitraries.ts";
import { filterDepthMax, filterLengthMax, filterTermsMax } from "./filter-grammar.ts";
import { parseFilter } from "./filter.ts";
import { groupResourceType } from "../schema/group-schema.ts";
import { userResourceType } from "../schema/user-schema.ts";

const userUrn = "urn:ietf:params:scim:schemas:core:2.0:User";

/** What the parser understood, printed in the one canonical form. */
function understood(text: string, resourceType = userResourceType): string {
  const parsed = parseFilter(text, resourceType);
  return parsed.ok ? printFilter(parsed.value) : `${parsed.error.scimType}: ${parsed.error.detail}`;
}

describe("every form that Okta, Entra and the RFC write is understood", () => {
  test.each([
    ['userName eq "test.user@okta.local"', 'userName eq "test.user@okta.local"'],
    ['USERNAME Eq "a"', 'userName eq "a"'],
    [`${userUrn}:userName sw "J"`, 'userName sw "J"'],
    [`${userUrn.toUpperCase()}:NAME.familyname co "O'Malley"`, `name.familyName co "O'Malley"`],
    ['externalId eq "00u"', 'externalId eq "00u"'],
    ['userName eq "a" and not (active eq false) or id pr', 'userName eq "a" and not (active eq false) or id pr'],
    ["id pr or userName pr and active eq true", "id pr or userName pr and active eq true"],
    ["(id pr or userName pr) and active eq true", "(id pr or userName pr) and active eq true"],
    ["id pr and (userName pr and active pr)", "id pr and (userName pr and active pr)"],
    ["not(id pr)", "not (id pr)"],
    ["NOT (id PR) AND active eq TRUE", "not (id pr) and active eq true"],
    ['active eq "True"', "active eq true"],
    ['active ne "FALSE"', "active ne false"],
    ["displayName eq null", "displayName eq null"],
    ["active ne null", "active ne null"],
    ['userName eq "a\\"b\\\\c\\u00e9"', 'userName eq "a\\"b\\\\cé"'],
    ['userName eq "(not) [a] and \\"b"', 'userName eq "(not) [a] and \\"b"'],
    ['emails[type eq "work" and value co "@x"]', 'emails[type eq "work" and value co "@x"]'],
    ['emails[type eq "work"].value eq "x"', 'emails[type eq "work" and value eq "x"]'],
    ['emails[type eq "work" or primary eq true].value pr', 'emails[(type eq "work" or primary eq true) and value pr]'],
    ['emails co "x"', 'emails.value co "x"'],
    ["emails eq null", "emails.value eq null"],
    ["emails pr", "emails pr"],
    ["name pr", "name pr"],
    ['name[givenName eq "A" and not (familyName pr)]', 'name.givenName eq "A" and not (name.familyName pr)'],
    ['meta.lastModified ge "2026-01-01T01:00:00.5+01:00"', 'meta.lastModified ge "2026-01-01T00:00:00.500Z"'],
    ['meta.created lt "2026-01-01T00:00:00"', 'meta.created lt "2026-01-01T00:00:00.000Z"'],
    ['  userName\teq  "a"  ', 'userName eq "a"'],
  ])("%s", (text, expected) => expect(understood(text)).toBe(expected));

  test.each([
    ['displayName eq "Sales"', 'displayName eq "Sales"'],
    ['members.value eq "u1"', 'members.value eq "u1"'],
    ['members eq "u1"', 'members.value eq "u1"'],
    ['members[value eq "u1"]', 'members[value eq "u1"]'],
    ["members[$ref pr]", "members[$ref pr]"],
  ])("a group by %s", (text, expected) => expect(understood(text, groupResourceType)).toBe(expected));
});

test.each([
  ["", "missing before the end"],
  ["   ", "missing before the end"],
  ["userName", 'after "userName" at character 1'],
  ["userName eq", "not the end"],
  ['userName = "a"', 'not "=" at character 10'],
  ['userName xx "a"', 'not "xx" at character 10'],
  ["userName eq jyoung", 'not "jyoung" at character 13; put text in double quotes'],
  ['userName eq "a', "character 13 has no closing quote"],
  ['userName eq "a\\"', "no closing quote"],
  ['userName eq "\\x"', "not a valid JSON string"],
  ['userName eq "\\u0000"', "NUL"],
  ['userName eq "\\ud83d"', "half of a surrogate pair"],
  ['userName eq "a\u0000"', "NUL"],
  ['userName eq "a" userName', '"userName" at character 17 does not belong there'],
  ['userName eq "a")', '")" at character 16 does not belong there'],
  ['(userName eq "a"', '"(" at character 1 is not closed'],
  ['emails[type eq "work"', '"[" at character 7 is not closed'],
  ['emails[type eq "work")', "is not closed"],
  ['emails [type eq "work"]', 'not "["'],
  ["emails[]", 'missing before "]"'],
  ['emails[type eq "work"].', "expected"],
  ['emails[emails[type eq "work"]]', "inside another one"],
  ['emails[bogus eq "work"]', '"bogus" at character 8'],
  ['emails[type eq "work"].bogus eq "x"', '"bogus" at character 24'],
  ["userName eq null and", "missing before the end"],
  ['not userName eq "a"', '"userName" at character 5'],
  ["and", 'after "and"'],
  ['title eq "x"', '"title" at character 1'],
  ['password eq "x"', '"password"'],
  ['groups eq "x"', '"groups"'],
  ['bogus eq "x"', '"bogus"'],
  ['name.bogus eq "x"', '"name.bogus"'],
  ['name.middleName eq "x"', '"name.middleName"'],
  ['userName.value eq "x"', '"userName.value"'],
  ['userName[value eq "x"]', "userName"],
  ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x"', "department"],
  [`${userUrn} pr`, "User"],
  ['__proto__ eq "x"', "__proto__"],
  ['constructor.name eq "x"', "constructor.name"],
  ['name eq "x"', "name.givenName"],
  ['meta co "x"', "meta.created"],
  ["active gt true", '"gt" does not work on active'],
  ['active co "t"', '"co" does not work on active'],
  ['active eq "yes"', "true or false"],
  ["active eq 1", "true or false"],
  ["userName eq 5", "double quotes"],
  ["userName eq true", "double quotes"],
  ["userName gt null", '"gt"'],
  ["userName co null", '"co"'],
  ['meta.created gt "yesterday"', "a date such as"],
  ['meta.created gt "2026-02-30T00:00:00Z"', "a date such as"],
  ['meta.created gt "0000-01-01T00:00:00Z"', "a date such as"],
  ["meta.created gt 5", "a date such as"],
  ['meta.created sw "2026"', '"sw" does not work on meta.created'],
])("whatever is not understood is refused with a detail that names it, never guessed at: %s", (text, clue) => {
  expect(understood(text)).toMatch(/^invalidFilter: .+\.$/);
  expect(understood(text)).toContain(clue);
});

describe("a hostile filter costs little", () => {
  const within = (depth: number): string => `${"(".repeat(depth)}id pr${")".repeat(depth)}`;
  const terms = (count: number): string => Array.from({ length: count }, () => "id pr").join(" or ");

  test("brackets nest up to the bound and not beyond, however many are written", () => {
    expect(understood(within(filterDepthMax))).toBe("id pr");
    expect(understood(within(filterDepthMax + 1))).toContain("more than 30 brackets");
    expect(understood("(".repeat(8000))).toContain("more than 30 brackets");
    expect(understood("not(".repeat(2000))).toContain("more than 30 brackets");
    expect(understood(Array.from({ length: 100 }, () => "(id pr)").join(" and "))).not.toContain("invalidFilter");
  });

  test("comparisons are counted", () => {
    expect(understood(terms(filterTermsMax))).toBe(terms(filterTermsMax));
    expect(understood(terms(filterTermsMax + 1))).toContain("more than 200 comparisons");
  });

  test("length is bounded, and a detail shows only the beginning of what was sent", () => {
    const overhead = 'userName eq ""'.length;
    expect(understood(`userName eq "${"a".repeat(filterLengthMax - overhead)}"`)).not.toContain("invalidFilter");
    expect(understood(`userName eq "${"a".repeat(filterLengthMax - overhead + 1)}"`)).toContain("longer than 8192");
    expect(understood("x".repeat(8000)).length).toBeLessThan(400);
  });
});

// RFC 7644 section 3.4.2.1: in a query over several types, what a type does not have is without value there.
test.each([
  ['userName eq "x"', false],
  ['userName ne "x"', true],
  ["userName pr", false],
  ["userName eq null", true],
  ["userName ne null", false],
  ['userName lt "x"', false],
  ['emails[type eq "work"]', false],
  ['emails[type eq "work"].value ne "x"', false],
  [`${userUrn}:name.givenName sw "x"`, false],
])("for a Group, %s beside Users comes to %s", (text, value) => {
  expect(parseFilter(text, groupResourceType, new Set(), [userResourceType])).toEqual({
    ok: true,
    value: { kind: "constant", value },
  });
});

test.each(['bogus eq "x"', "active gt true", 'emails[bogus eq "x"]', 'title eq "x"', 'name eq "x"'])(
  "%s is refused whichever type is asked first",
  (text) => {
    for (const [type, other] of [
      [groupResourceType, userResourceType],
      [userResourceType, groupResourceType],
    ] as const)
      expect(parseFilter(text, type, new Set(), [other])).toMatchObject({
        ok: false,
        error: { scimType: "invalidFilter" },
      });
  },
);

test.each([
  [`schemas eq "${userUrn}"`, true],
  [`SCHEMAS EQ "${userUrn.toUpperCase()}"`, true],
  ["schemas pr", true],
  ['schemas co "Group"', false],
  [`schemas ne "${userUrn}"`, false],
])("for a User, %s comes to %s", (text, value) => {
  expect(parseFilter(text, userResourceType)).toEqual({ ok: true, value: { kind: "constant", value } });
});
