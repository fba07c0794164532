import { expectMember, expectSame, resourcesOf } from "../assertion.ts";
import { checksOf, type Chapter, type Check } from "../check.ts";
import type { PersonNumber } from "../fixture-resources.ts";
import { at } from "../json.ts";
import type { Target } from "../target.ts";
import { expectPeople, finds, findsAlone, queryPeople, quoted } from "./query-kinds.ts";

type Instant = { readonly number: PersonNumber; readonly ms: number; readonly text: string };

/** When each of the cast was created, as the service writes it. */
async function creations(target: Target): Promise<readonly Instant[]> {
  const { response, numbers } = await queryPeople(target);
  return resourcesOf(response).flatMap((resource, index) => {
    const text = String(at(resource, "meta.created"));
    return numbers[index] ? [{ number: numbers[index], ms: Date.parse(text), text }] : [];
  });
}

/** Expects that meta.created is compared in this way with the time when person 3 was created. */
function findsCreated(
  operator: string,
  holds: (ms: number, thanMs: number) => boolean,
  write = ({ text }: Instant) => text,
): Check["run"] {
  return async (target) => {
    const all = await creations(target);
    const third = all.find(({ number }) => number === 3);
    if (third === undefined) return expectPeople(await queryPeople(target), [1, 2, 3, 4, 5]);
    const expected = all.filter(({ ms }) => holds(ms, third.ms)).map(({ number }) => number);
    expectPeople(await queryPeople(target, { filter: `meta.created ${operator} ${quoted(write(third))}` }), expected);
  };
}

/** The same instant, as somebody in India and somebody in Newfoundland write it. */
function withOffset(ms: number, offset: "+05:30" | "-03:30"): string {
  const minutes = offset === "+05:30" ? 330 : -210;
  return new Date(ms + minutes * 60_000).toISOString().replace("Z", offset);
}

const chapter: Chapter = {
  clause: "RFC 7644 section 3.4.2.2",
  needs: "filter",
  faults: ["a filter that is ignored"],
};

/** Dates, and attributes with many values. */
export const filterValueChecks = checksOf(chapter, {
  "filter-date-eq": {
    title: "eq finds a time as the service wrote it.",
    run: findsCreated("eq", (ms, than) => ms === than),
    faults: ["eq read as ne"],
  },
  "filter-date-gt": {
    title: "gt finds what is later, and not the time itself.",
    run: findsCreated("gt", (ms, than) => ms > than),
    faults: ["gt read as ge"],
  },
  "filter-date-ge": {
    title: "ge finds the time itself and what is later.",
    run: findsCreated("ge", (ms, than) => ms >= than),
    faults: ["ge read as gt"],
  },
  "filter-date-lt": {
    title: "lt finds what is earlier, and not the time itself.",
    run: findsCreated("lt", (ms, than) => ms < than),
    faults: ["lt read as le"],
  },
  "filter-date-le": {
    title: "le finds the time itself and what is earlier.",
    run: findsCreated("le", (ms, than) => ms <= than),
    faults: ["le read as lt"],
  },
  "filter-date-east": {
    title: "A time with an offset east of Greenwich is the same instant.",
    run: findsCreated(
      "eq",
      (ms, than) => ms === than,
      ({ ms }) => withOffset(ms, "+05:30"),
    ),
    faults: ["eq read as ne", "an offset that is ignored"],
  },
  "filter-date-west": {
    title: "Times are compared as instants, not as texts: le with an offset west of Greenwich.",
    run: findsCreated(
      "le",
      (ms, than) => ms <= than,
      ({ ms }) => withOffset(ms, "-03:30"),
    ),
    faults: ["le read as lt", "an offset that is ignored"],
  },
  "filter-date-past": {
    title: "Everybody was changed after the year 2011.",
    run: finds('meta.lastModified gt "2011-05-13T04:42:34Z"', [1, 2, 3, 4, 5]),
    faults: ["times that are compared backwards"],
  },
  "filter-sub-attribute": {
    title: "A dot names a sub-attribute.",
    run: finds('name.givenName eq "Eve"', [5]),
    faults: ["a sub-attribute that is taken for another"],
  },
  "filter-many-values": {
    title: "A comparison with a sub-attribute of many values holds if it holds for one of them.",
    run: findsAlone((target) => `emails.value eq ${quoted(target.person(2).userName)}`, [2]),
    faults: ["values of which only a second one is looked at"],
  },
  "filter-value-path": {
    title: "Square brackets find who has a value for which all of them holds.",
    run: findsAlone((target) => `emails[type eq "work" and value eq ${quoted(target.person(2).userName)}]`, [2]),
    faults: ["square brackets that are not looked into"],
  },
  "filter-value-path-needs-one-value": {
    title: "Square brackets find nobody where no single value fits.",
    run: finds((target) => `emails[type eq "home" and value eq ${quoted(target.person(2).userName)}]`, []),
    faults: ["square brackets that are not looked into"],
  },
  "filter-value-path-with-or": {
    title: "Square brackets may hold or and not.",
    run: finds(
      (target) =>
        `emails[value eq ${quoted(target.person(1).userName)} or (value sw ${quoted(`${target.label}-5`)} and not (type eq "home"))]`,
      [1, 5],
    ),
    faults: ["square brackets that are not looked into"],
  },
  "filter-value-path-and-more": {
    title: "Square brackets can be joined with other conditions.",
    run: finds('emails[type eq "work"] and active eq false', [4]),
    faults: ["a filter that is read as far as its square brackets"],
  },
  "filter-boolean-in-values": {
    title: "Booleans inside square brackets are compared as booleans.",
    run: finds('emails[primary eq true] and name.familyName eq "Dirac"', [3]),
    faults: ["a boolean in square brackets that is never true"],
  },
  "filter-total-counts-the-found": {
    title: "totalResults of a filtered page counts those whom the filter finds.",
    run: async (target) => {
      const { response, numbers } = await queryPeople(target, { filter: "active eq true", count: 1 });
      expectSame(response, "on the page so many people", numbers.length, 1);
      expectMember(response, "totalResults", 4);
    },
    faults: ["a total that counts the page"],
  },
});
