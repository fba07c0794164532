import { expectMember, expectSame, resourcesOf } from "../assertion.ts";
import type { PersonNumber } from "../cast-roles.ts";
import type { Check } from "../check.ts";
import { at } from "../json.ts";
import type { Target } from "../target.ts";
import { filterCheck, filterClause, quoted } from "./filter-case.ts";
import { castFound, expectPeople } from "./people-found.ts";

type Instant = { readonly number: PersonNumber; readonly ms: number; readonly text: string };

/** When each of the cast was created, as the service tells it. */
async function creations(target: Target): Promise<readonly Instant[]> {
  const { answer } = await castFound(target);
  const people = target.cast.people();
  return resourcesOf(answer).flatMap((resource) => {
    const person = people.find(({ id }) => id === resource["id"]);
    const text = String(at(resource, "meta.created"));
    return person === undefined ? [] : [{ number: person.number, ms: Date.parse(text), text }];
  });
}

type DateCase = {
  readonly id: string;
  readonly title: string;
  readonly operator: string;
  readonly write?: (instant: Instant) => string;
  readonly holds: (ms: number, thanMs: number) => boolean;
};

/** The check that meta.created is compared so with the time when person 3 was created. */
function dateCheck({ id, title, operator, holds, write = ({ text }) => text }: DateCase): Check {
  return {
    id,
    clause: filterClause,
    title,
    needs: "filter",
    run: async (target) => {
      const all = await creations(target);
      const third = all.find(({ number }) => number === 3);
      if (third === undefined) return expectPeople(await castFound(target), [1, 2, 3, 4, 5]);
      const expected = all.filter(({ ms }) => holds(ms, third.ms)).map(({ number }) => number);
      expectPeople(await castFound(target, { filter: `meta.created ${operator} ${quoted(write(third))}` }), expected);
    },
  };
}

/** The same instant, as somebody in India and somebody in Newfoundland write it. */
function withOffset(ms: number, offset: "+05:30" | "-03:30"): string {
  const minutes = offset === "+05:30" ? 330 : -210;
  return new Date(ms + minutes * 60_000).toISOString().replace("Z", offset);
}

/** Dates, and attributes with many values. */
export const filterValueChecks: readonly Check[] = [
  dateCheck({
    id: "filter-date-eq",
    title: "eq finds a time as the service wrote it.",
    operator: "eq",
    holds: (ms, than) => ms === than,
  }),
  dateCheck({
    id: "filter-date-gt",
    title: "gt finds what is later, and not the time itself.",
    operator: "gt",
    holds: (ms, than) => ms > than,
  }),
  dateCheck({
    id: "filter-date-ge",
    title: "ge finds the time itself and what is later.",
    operator: "ge",
    holds: (ms, than) => ms >= than,
  }),
  dateCheck({
    id: "filter-date-lt",
    title: "lt finds what is earlier, and not the time itself.",
    operator: "lt",
    holds: (ms, than) => ms < than,
  }),
  dateCheck({
    id: "filter-date-le",
    title: "le finds the time itself and what is earlier.",
    operator: "le",
    holds: (ms, than) => ms <= than,
  }),
  dateCheck({
    id: "filter-date-east",
    title: "A time with an offset east of Greenwich is the same instant.",
    operator: "eq",
    write: ({ ms }) => withOffset(ms, "+05:30"),
    holds: (ms, than) => ms === than,
  }),
  dateCheck({
    id: "filter-date-west",
    title: "Times are compared as instants, not as texts: le with an offset west of Greenwich.",
    operator: "le",
    write: ({ ms }) => withOffset(ms, "-03:30"),
    holds: (ms, than) => ms <= than,
  }),
  filterCheck({
    id: "filter-date-past",
    title: "Everybody was changed after the year 2011.",
    filter: () => 'meta.lastModified gt "2011-05-13T04:42:34Z"',
    finds: [1, 2, 3, 4, 5],
  }),
  filterCheck({
    id: "filter-sub-attribute",
    title: "A dot names a sub-attribute.",
    filter: () => 'name.givenName eq "Eve"',
    finds: [5],
  }),
  filterCheck({
    id: "filter-many-values",
    title: "A comparison with a sub-attribute of many values holds if it holds for one of them.",
    filter: (cast) => `emails.value eq ${quoted(cast.person(2).userName)}`,
    finds: [2],
    isWhole: true,
  }),
  filterCheck({
    id: "filter-value-path",
    title: "Square brackets find who has a value for which all of them holds.",
    filter: (cast) => `emails[type eq "work" and value eq ${quoted(cast.person(2).userName)}]`,
    finds: [2],
    isWhole: true,
  }),
  filterCheck({
    id: "filter-value-path-needs-one-value",
    title: "Square brackets find nobody where no single value fits.",
    filter: (cast) => `emails[type eq "home" and value eq ${quoted(cast.person(2).userName)}]`,
    finds: [],
  }),
  filterCheck({
    id: "filter-value-path-with-or",
    title: "Square brackets may hold or and not.",
    filter: (cast) =>
      `emails[value eq ${quoted(cast.person(1).userName)} or (value sw ${quoted(`${cast.label}-5`)} and not (type eq "home"))]`,
    finds: [1, 5],
  }),
  filterCheck({
    id: "filter-value-path-and-more",
    title: "Square brackets can be joined with other conditions.",
    filter: () => 'emails[type eq "work"] and active eq false',
    finds: [4],
  }),
  filterCheck({
    id: "filter-boolean-in-values",
    title: "Booleans inside square brackets are compared as booleans.",
    filter: () => 'emails[primary eq true] and name.familyName eq "Dirac"',
    finds: [3],
  }),
  {
    id: "filter-total-counts-the-found",
    clause: filterClause,
    title: "totalResults of a filtered page counts those whom the filter finds.",
    needs: "filter",
    run: async (target) => {
      const { answer, numbers } = await castFound(target, { filter: "active eq true", count: 1 });
      expectSame(answer, "on the page so many people", numbers.length, 1);
      expectMember(answer, "totalResults", 4);
    },
  },
];
