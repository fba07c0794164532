import { arrayAt, expectMember, expectSame, expectThat, stringAt } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at, isObject, shown } from "../json.ts";
import { groupSchema, userSchema } from "../request-body.ts";
import type { Target } from "../target.ts";
import { expectLocation, expectSchema } from "./discovery.ts";
import { expectRead, pathOfFixture, shows, type FixtureName } from "./write-kinds.ts";

/** RFC 3339, as xsd:dateTime has it: with a time and an offset. */
export const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

const chapter: Chapter = { clause: "RFC 7644 section 3.4.1" };

/** One person and one group by id (RFC 7644 section 3.4.1; the attributes are those of RFC 7643). */
export const readingChecks = checksOf(chapter, {
  "read-user-by-id": check("A person can be read by the id that the service assigned.")
    .run(shows("person 1", ({ person }) => ({ id: person(1).id })))
    .faults("an id in capital letters"),
  "read-user-has-schema": check("A person has the core User schema.")
    .clause("RFC 7643 section 3")
    .run(expectsOf("person 1", (response) => expectSchema(response, userSchema)))
    .faults("resources without schemas"),
  "read-user-has-resource-type": check("meta.resourceType of a person is User.")
    .clause("RFC 7643 section 3.1")
    .run(shows("person 1", { "meta.resourceType": "User" }))
    .faults("resources without their type"),
  "read-user-has-times": check("meta.created and meta.lastModified of a person are dateTimes, in this order.")
    .clause("RFC 7643 section 3.1")
    .run(expectsOf("person 1", expectTimes))
    .faults("a time that is a date", "a change before the creation"),
  "read-user-has-location": check("meta.location of a person is its address.")
    .clause("RFC 7643 section 3.1")
    .run(expectsOf("person 1", (response, { person }) => expectLocation(response, response.body, person(1).path)))
    .faults("a location without a host"),
  "read-user-id-is-the-services-own": check("id is a text of the service: neither the externalId nor the word bulkId.")
    .clause("RFC 7643 section 3.1")
    .run(async (target) => {
      const response = await target.read(target.person(1).path);
      const id = stringAt(response, "id");
      const isOwn = id !== target.person(1).externalId && id.toLowerCase() !== "bulkid";
      expectThat(response, isOwn, `should not have the id ${shown(id)}`);
      await shows("person 2", { id: target.person(2).id })(target);
    })
    .faults("an id that is the provider's externalId"),
  "read-user-has-what-was-given": check("userName, externalId, names and active are returned as they were sent.")
    .clause("RFC 7644 section 3.3")
    .run(async (target) => {
      for (const { path, userName, externalId, givenName, familyName, displayName, active } of target.people()) {
        const name = { "name.givenName": givenName, "name.familyName": familyName };
        await expectRead(target, path, { userName, externalId, ...name, displayName, active });
      }
    })
    .faults(
      "a userName in small letters and a family name without its accents and case",
      "a displayName invented for a person without one",
    ),
  "read-user-inactive-is-there": check("An inactive person can be read, and active is the boolean false.")
    .clause("RFC 7643 section 4.1.1")
    .run(shows("person 4", { active: false }))
    .faults("booleans as texts", "a 404 for an inactive person"),
  "read-user-has-one-primary-email": check("emails are objects with a value, and at most one of them is primary.")
    .clause("RFC 7643 section 2.4")
    .run(expectsOf("person 1", expectEmails))
    .faults("two primary emails", "an email that is a text"),
  "read-user-hides-password": check("A password is never returned.")
    .clause("RFC 7643 section 7")
    .run(async (target) => {
      for (const { path } of target.people()) await expectRead(target, path, { password: undefined });
      expectMember(await target.get(target.person(1).path, { attributes: "password" }), "password", undefined);
    })
    .faults("a password that is returned by a GET"),
  "read-group-by-id": check("A group can be read by the id that the service assigned, with its name.")
    .run(shows("group 1", ({ group }) => ({ id: group(1).id, displayName: group(1).displayName })))
    .faults("an id in capital letters", "a group without its name"),
  "read-group-has-schema": check("A group has the core Group schema.")
    .clause("RFC 7643 section 3")
    .run(expectsOf("group 1", (response) => expectSchema(response, groupSchema)))
    .faults("resources without schemas"),
  "read-group-has-meta": check("meta of a group has the type Group, times and its address.")
    .clause("RFC 7643 section 3.1")
    .run(
      expectsOf("group 1", (response, { group }) => {
        expectMember(response, "meta.resourceType", "Group");
        expectTimes(response);
        expectLocation(response, response.body, group(1).path);
      }),
    )
    .faults(
      "resources without their type",
      "a time that is a date",
      "a change before the creation",
      "a location without a host",
    ),
  "read-group-has-members": check("members has the ids of the group's people, each once.")
    .clause("RFC 7643 section 4.2")
    .run(shows("group 1", { members: [1, 2] }))
    .faults("a group that hides its last member", "members by their names"),
  "read-group-members-are-described": check("A member's $ref and type, if there are any, name that person.")
    .clause("RFC 7643 section 4.2")
    .run(
      expectsOf("group 1", (response) => {
        for (const member of arrayAt(response, "members").filter(isObject)) {
          const { value, $ref, type } = member;
          expectSame(response, "the type of a member", type ?? "User", "User");
          const isTheirs = $ref === undefined || (typeof $ref === "string" && $ref.endsWith(`/Users/${String(value)}`));
          expectThat(response, isTheirs, `should refer to ${shown(value)}, not to ${shown($ref)}`);
        }
      }),
    )
    .faults("members that refer to groups", "members of another type"),
});

/** Checks the response to a GET. */
function expectsOf(name: FixtureName, expectations: (response: ScimResponse, target: Target) => void): Check["run"] {
  return async (target) => expectations(await target.read(pathOfFixture(target, name)), target);
}

/** Expects that each email has a value and at most one is primary. */
export function expectEmails(response: ScimResponse): void {
  const emails = at(response.body, "emails") ?? [];
  expectThat(response, Array.isArray(emails), `should hold emails as an array, not ${shown(emails)}`);
  for (const email of emails)
    expectThat(response, typeof at(email, "value") === "string", `should give each email a value: ${shown(email)}`);
  const primaries = emails.filter((email) => at(email, "primary") === true);
  expectThat(response, primaries.length <= 1, `should have one primary email at most, but has ${primaries.length}`);
}

function expectTimes(response: ScimResponse): void {
  const [created, changed] = [stringAt(response, "meta.created"), stringAt(response, "meta.lastModified")];
  for (const text of [created, changed])
    expectThat(response, dateTime.test(text), `should hold times with a date and an offset, not ${shown(text)}`);
  const isInOrder = Date.parse(created) <= Date.parse(changed);
  expectThat(response, isInOrder, `should not be changed (${changed}) before it was created (${created})`);
}
