import { check, checksOf } from "../check.ts";
import { filterChapter, findsGroups, invalidFilter, quoted } from "./query-kinds.ts";

/** Filters over groups. */
export const filterGroupChecks = checksOf(filterChapter, {
  "filter-group-name": check("eq finds the one group with this displayName.")
    .run(findsGroups((target) => `displayName eq ${quoted(target.group(1).displayName)}`, [1]))
    .faults("eq on groups read as ne"),
  "filter-group-name-ignores-case": check("eq compares displayName of a group in any letter case.")
    .run(findsGroups((target) => `displayName eq ${quoted(target.group(1).displayName.toUpperCase())}`, [1]))
    .faults("texts that are compared letter by letter"),
  "filter-group-external-id": check("eq finds the group with this externalId.")
    .run(findsGroups((target) => `externalId eq ${quoted(target.group(2).externalId)}`, [2]))
    .faults("eq on groups read as ne"),
  "filter-group-beginning": check("sw finds both groups.")
    .run(findsGroups((target) => `displayName sw ${quoted(`${target.label}-gr`)}`, [1, 2]))
    .faults("sw on groups read as eq"),
  "filter-group-member": check("members.value finds the groups of a person.")
    .run(
      findsGroups(
        (target) => `members.value eq ${quoted(target.person(1).id)} and displayName sw ${quoted(target.label)}`,
        [1],
      ),
    )
    .faults("members that cannot be found", "members that are not compared"),
  "filter-group-member-path": check("Square brackets find the groups of a person.")
    .run(
      findsGroups(
        (target) => `members[value eq ${quoted(target.person(3).id)}] and displayName sw ${quoted(target.label)}`,
        [2],
      ),
    )
    .faults("members that cannot be found", "members that are not compared"),
  "filter-group-name-and-member": check("A name and a member can be asked for together.")
    .run(
      findsGroups(
        (target) =>
          `displayName eq ${quoted(target.group(2).displayName)} and members.value eq ${quoted(target.person(2).id)}`,
        [2],
      ),
    )
    .faults("members that cannot be found", "and over groups read as or"),
  "filter-group-without-member": check("not finds the groups that a person is not in.")
    .run(
      findsGroups(
        (target) =>
          `displayName sw ${quoted(`${target.label}-`)} and not (members.value eq ${quoted(target.person(3).id)})`,
        [1],
      ),
    )
    .faults("a not over groups that is ignored"),
  "filter-group-with-urn": check("Attribute names of a group may have the schema's URN in front.")
    .run(
      findsGroups(
        (target) => `urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq ${quoted(target.group(1).displayName)}`,
        [1],
      ),
    )
    .faults("names without URNs only"),
  "filter-group-invalid": check("An invalid filter over groups is 400 invalidFilter.")
    .clause("RFC 7644 section 3.12")
    .run(invalidFilter("displayName eq", "/Groups"))
    .faults("a filter that is ignored where it cannot be read", "a filter that is refused without a scimType"),
});
