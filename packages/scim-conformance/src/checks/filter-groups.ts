import { expectError, expectMember, expectSameSet, idsOf } from "../assertion.ts";
import type { Cast } from "../cast.ts";
import type { GroupNumber } from "../cast-roles.ts";
import type { Check } from "../check.ts";
import { filterClause, quoted } from "./filter-case.ts";

type GroupCase = {
  readonly id: string;
  readonly title: string;
  readonly filter: (cast: Cast) => string;
  readonly finds: readonly GroupNumber[];
};

function groupCheck({ id, title, filter, finds }: GroupCase): Check {
  return {
    id,
    clause: filterClause,
    title,
    needs: "filter",
    run: async (target) => {
      const { cast } = target;
      const answer = await target.get("/Groups", { filter: filter(cast) });
      const expected = finds.map((number) => cast.group(number).id);
      expectSameSet(answer, "the groups", idsOf(answer), expected);
      expectMember(answer, "totalResults", expected.length);
    },
  };
}

/** Filters over groups. */
export const filterGroupChecks: readonly Check[] = [
  groupCheck({
    id: "filter-group-name",
    title: "eq finds the one group with this displayName.",
    filter: (cast) => `displayName eq ${quoted(cast.group(1).displayName)}`,
    finds: [1],
  }),
  groupCheck({
    id: "filter-group-name-ignores-case",
    title: "eq compares displayName of a group in any letter case.",
    filter: (cast) => `displayName eq ${quoted(cast.group(1).displayName.toUpperCase())}`,
    finds: [1],
  }),
  groupCheck({
    id: "filter-group-external-id",
    title: "eq finds the group with this externalId.",
    filter: (cast) => `externalId eq ${quoted(cast.group(2).externalId)}`,
    finds: [2],
  }),
  groupCheck({
    id: "filter-group-beginning",
    title: "sw finds both groups of the cast.",
    filter: (cast) => `displayName sw ${quoted(`${cast.label}-gr`)}`,
    finds: [1, 2],
  }),
  groupCheck({
    id: "filter-group-member",
    title: "members.value finds the groups of a person.",
    filter: (cast) => `members.value eq ${quoted(cast.person(1).id)} and displayName sw ${quoted(cast.label)}`,
    finds: [1],
  }),
  groupCheck({
    id: "filter-group-member-path",
    title: "Square brackets find the groups of a person.",
    filter: (cast) => `members[value eq ${quoted(cast.person(3).id)}] and displayName sw ${quoted(cast.label)}`,
    finds: [2],
  }),
  groupCheck({
    id: "filter-group-name-and-member",
    title: "A name and a member can be asked for together.",
    filter: (cast) =>
      `displayName eq ${quoted(cast.group(2).displayName)} and members.value eq ${quoted(cast.person(2).id)}`,
    finds: [2],
  }),
  groupCheck({
    id: "filter-group-without-member",
    title: "not finds the groups that a person is not in.",
    filter: (cast) =>
      `displayName sw ${quoted(`${cast.label}-`)} and not (members.value eq ${quoted(cast.person(3).id)})`,
    finds: [1],
  }),
  groupCheck({
    id: "filter-group-with-urn",
    title: "Attribute names of a group may have the schema's URN in front.",
    filter: (cast) => `urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq ${quoted(cast.group(1).displayName)}`,
    finds: [1],
  }),
  {
    id: "filter-group-invalid",
    clause: "RFC 7644 section 3.12",
    title: "A filter over groups that cannot be read is 400 invalidFilter.",
    needs: "filter",
    run: async (target) => expectError(await target.get("/Groups", { filter: "displayName eq" }), 400, "invalidFilter"),
  },
];
