import * as fc from "fast-check";
import { expect, test } from "vitest";
import { filterOfUser, printFilter, userResource } from "../testing/filter-arbitraries.ts";
import { filterDepthMax, filterTermsMax } from "./filter-grammar.ts";
import { type Filter, matchesFilter } from "./filter-matching.ts";
import { parseFilter } from "./filter.ts";
import { groupResourceType } from "../schema/group-schema.ts";
import { userResourceType } from "../schema/user-schema.ts";

/** Pieces of filters in random order reach deeper into the parser than random characters. */
const pieces = [
  'userName active emails members meta.created id eq ne co gt pr and or not ( ) [ ] ].value . , " \\ true null'.split(
    " ",
  ),
  ['"x"', '"\\u0000"', '"\\ud800"', "-1.5e3", " ", "  ", "urn:", "urn:ietf:params:scim:schemas:core:2.0:User:userName"],
  ["__proto__", "constructor", "toString", "emails[", "not(", "\u0000", "\ud800"],
].flat();
const shreds = fc
  .tuple(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), fc.constantFrom("", " "))
  .map(([chosen, separator]) => chosen.join(separator));

test("no text whatever makes the parser throw, and a refusal is always a 400 invalidFilter", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ maxLength: 300 }), shreds), (text) => {
      for (const resourceType of [userResourceType, groupResourceType]) {
        const parsed = parseFilter(text, resourceType);
        expect(parsed.ok || [parsed.error.status, parsed.error.scimType].join(" ")).toBeOneOf([
          true,
          "400 invalidFilter",
        ]);
      }
    }),
    { numRuns: 3000 },
  );
});

test("a filter that is printed and read again is the same filter", () => {
  fc.assert(
    fc.property(filterOfUser, (filter) => {
      fc.pre(isWithinBounds(filter));
      expect(parseFilter(printFilter(filter), userResourceType)).toEqual({ ok: true, value: filter });
    }),
    { numRuns: 1000 },
  );
});

test("matching obeys the laws of logic, absent attributes included", () => {
  fc.assert(
    fc.property(filterOfUser, filterOfUser, userResource, (left, right, resource) => {
      const matches = (filter: Filter): boolean => matchesFilter(filter, resource);
      expect(matches({ kind: "not", operand: left })).toBe(!matches(left));
      expect(matches({ kind: "and", left, right })).toBe(matches(left) && matches(right));
      expect(matches({ kind: "or", left, right })).toBe(matches(left) || matches(right));
      if (left.kind !== "comparison") return;
      expect(matches({ ...left, operator: "ne" })).toBe(!matches({ ...left, operator: "eq" }));
      if (left.operator !== "gt" && left.operator !== "lt") return;
      const orEqual = left.operator === "gt" ? "ge" : "le";
      expect(matches({ ...left, operator: orEqual })).toBe(matches(left) || matches({ ...left, operator: "eq" }));
    }),
    { numRuns: 1000 },
  );
});

test("every resource has, or does not have, what `pr` and `eq null` ask", () => {
  fc.assert(
    fc.property(filterOfUser, userResource, (filter, resource) => {
      if (filter.kind !== "present") return;
      const isNull: Filter = { kind: "comparison", path: filter.path, operator: "eq", value: null };
      expect(matchesFilter(isNull, resource)).toBe(!matchesFilter(filter, resource));
    }),
  );
});

function isWithinBounds(filter: Filter): boolean {
  return countTerms(filter) <= filterTermsMax && (printFilter(filter).match(/[([]/g) ?? []).length <= filterDepthMax;
}

function countTerms(filter: Filter): number {
  if (filter.kind === "and" || filter.kind === "or") return countTerms(filter.left) + countTerms(filter.right);
  if (filter.kind === "not") return countTerms(filter.operand);
  return filter.kind === "valuePath" ? countTerms(filter.filter) : 1;
}
