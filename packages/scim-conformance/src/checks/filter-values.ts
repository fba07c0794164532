import { expectMember, expectSame, resourcesOf } from "../assertion.ts";
import { check, checksOf, type Check } from "../check.ts";
import type { PersonNumber } from "../fixture-resources.ts";
import { at } from "../json.ts";
import type { Target } from "../target.ts";
import { expectPeople, filterChapter, finds, findsAlone, queryPeople, quoted } from "./query-kinds.ts";

type Instant = { readonly number: PersonNumber; readonly ms: number; readonly text: string };

/** The creation times of the five people, as the service writes them. */
async function creations(target: Target): Promise<readonly Instant[]> {
  const { response, numbers } = await queryPeople(target);
  return resourcesOf(response).flatMap((resource, index) => {
    const text = String(at(resource, "meta.created"));
    return numbers[index] ? [{ number: numbers[index], ms: Date.parse(text), text }] : [];
  });
}

/** Expects that an operator compares meta.created with the creation time of person 3 like `holds`. */
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

/** The instant with another offset. */
function withOffset(ms: number, offset: "+05:30" | "-03:30"): string {
  const minutes = offset === "+05:30" ? 330 : -210;
  return new Date(ms + minutes * 60_000).toISOString().replace("Z", offset);
}

/** Dates, and attributes with many values. */
export const filterValueChecks = checksOf(filterChapter, {
  "filter-date-eq": check("eq finds a time as the service wrote it.")
    .run(findsCreated("eq", (ms, than) => ms === than))
    .faults("eq read as ne"),
  "filter-date-gt": check("gt finds what is later, and not the time itself.")
    .run(findsCreated("gt", (ms, than) => ms > than))
    .faults("gt read as ge"),
  "filter-date-ge": check("ge finds the time itself and what is later.")
    .run(findsCreated("ge", (ms, than) => ms >= than))
    .faults("ge read as gt"),
  "filter-date-lt": check("lt finds what is earlier, and not the time itself.")
    .run(findsCreated("lt", (ms, than) => ms < than))
    .faults("lt read as le"),
  "filter-date-le": check("le finds the time itself and what is earlier.")
    .run(findsCreated("le", (ms, than) => ms <= than))
    .faults("le read as lt"),
  "filter-date-east": check("A time with an offset east of Greenwich is the same instant.")
    .run(
      findsCreated(
        "eq",
        (ms, than) => ms === than,
        ({ ms }) => withOffset(ms, "+05:30"),
      ),
    )
    .faults("eq read as ne", "an offset that is ignored"),
  "filter-date-west": check("Times are compared as instants, not as texts: le with an offset west of Greenwich.")
    .run(
      findsCreated(
        "le",
        (ms, than) => ms <= than,
        ({ ms }) => withOffset(ms, "-03:30"),
      ),
    )
    .faults("le read as lt", "an offset that is ignored"),
  "filter-date-past": check("A comparison with a past date finds everyone.")
    .run(finds('meta.lastModified gt "2011-05-13T04:42:34Z"', [1, 2, 3, 4, 5]))
    .faults("times that are compared backwards"),
  "filter-sub-attribute": check("A dot names a sub-attribute.")
    .run(finds('name.givenName eq "Eve"', [5]))
    .faults("a sub-attribute that is taken for another"),
  "filter-many-values": check("A comparison with a sub-attribute of many values holds if it holds for one of them.")
    .run(findsAlone((target) => `emails.value eq ${quoted(target.person(2).userName)}`, [2]))
    .faults("values of which only the second one is compared"),
  "filter-value-path": check("Square brackets find people with a value that matches all conditions.")
    .run(findsAlone((target) => `emails[type eq "work" and value eq ${quoted(target.person(2).userName)}]`, [2]))
    .faults("square brackets that are ignored"),
  "filter-value-path-needs-one-value": check("Square brackets find no one if no single value matches.")
    .run(finds((target) => `emails[type eq "home" and value eq ${quoted(target.person(2).userName)}]`, []))
    .faults("square brackets that are ignored"),
  "filter-value-path-with-or": check("Square brackets may hold or and not.")
    .run(
      finds(
        (target) =>
          `emails[value eq ${quoted(target.person(1).userName)} or (value sw ${quoted(`${target.label}-5`)} and not (type eq "home"))]`,
        [1, 5],
      ),
    )
    .faults("square brackets that are ignored"),
  "filter-value-path-and-more": check("Square brackets can be joined with other conditions.")
    .run(finds('emails[type eq "work"] and active eq false', [4]))
    .faults("a filter that is read as far as its square brackets"),
  "filter-boolean-in-values": check("Booleans inside square brackets are compared as booleans.")
    .run(finds('emails[primary eq true] and name.familyName eq "Dirac"', [3]))
    .faults("a boolean in square brackets that is never true"),
  "filter-total-counts-the-found": check("totalResults of a filtered page counts all people that the filter finds.")
    .run(async (target) => {
      const { response, numbers } = await queryPeople(target, { filter: "active eq true", count: 1 });
      expectSame(response, "a page size of", numbers.length, 1);
      expectMember(response, "totalResults", 4);
    })
    .faults("a total that counts the page"),
});
