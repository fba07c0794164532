import { arrayAt, expectMember, expectSame, expectThat, stringAt } from "../assertion.ts";
import { at, isObject, shown } from "../json.ts";
import { checksOf, type Chapter } from "../check.ts";
import type { PersonNumber } from "../cast-roles.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Target } from "../target.ts";
import { expectLocation, expectSchema } from "./discovery.ts";
import { shows } from "./write-kinds.ts";
import { groupPath, personPath, read } from "./written-resource.ts";

const core = "urn:ietf:params:scim:schemas:core:2.0";

function readPerson(target: Target, number: PersonNumber = 1): Promise<ScimResponse> {
  return read(target, personPath(target, number));
}

function readGroup(target: Target): Promise<ScimResponse> {
  return read(target, groupPath(target, 1));
}

/** RFC 3339, as xsd:dateTime has it: with a time and an offset. */
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function expectTimes(response: ScimResponse): void {
  for (const name of ["meta.created", "meta.lastModified"]) {
    const text = stringAt(response, name);
    expectThat(response, dateTime.test(text), `should hold a ${name} with time and offset, not ${shown(text)}`);
  }
  const [created, changed] = [stringAt(response, "meta.created"), stringAt(response, "meta.lastModified")];
  const isInOrder = Date.parse(created) <= Date.parse(changed);
  expectThat(response, isInOrder, `should not be changed (${changed}) before it was created (${created})`);
}

const chapter: Chapter = { clause: "RFC 7644 section 3.4.1" };

/** One person and one group by id (RFC 7644 section 3.4.1; the attributes are those of RFC 7643). */
export const readingChecks = checksOf(chapter, {
  "read-user-by-id": {
    title: "A person can be read under the id that the service gave.",
    run: shows("person 1", ({ cast }) => ({ id: cast.person(1).id })),
    faults: ["an id in capital letters"],
  },
  "read-user-has-schema": {
    clause: "RFC 7643 section 3",
    title: "A person has the core User schema.",
    run: async (target) => expectSchema(await readPerson(target), `${core}:User`),
    faults: ["resources without schemas"],
  },
  "read-user-has-resource-type": {
    clause: "RFC 7643 section 3.1",
    title: "meta.resourceType of a person is User.",
    run: shows("person 1", { "meta.resourceType": "User" }),
    faults: ["resources without their type"],
  },
  "read-user-has-times": {
    clause: "RFC 7643 section 3.1",
    title: "meta.created and meta.lastModified of a person are dateTimes, in this order.",
    run: async (target) => expectTimes(await readPerson(target)),
    faults: ["a time that is a mere day", "a change before the creation"],
  },
  "read-user-has-location": {
    clause: "RFC 7643 section 3.1",
    title: "meta.location of a person is its address.",
    run: async (target) => {
      const response = await readPerson(target);
      expectLocation(response, response.body, `/Users/${target.cast.person(1).id}`);
    },
    faults: ["a location without a host"],
  },
  "read-user-id-is-the-services-own": {
    clause: "RFC 7643 section 3.1",
    title: "id is a text of the service's making: neither the externalId nor the word bulkId.",
    run: async (target) => {
      const response = await readPerson(target);
      const id = stringAt(response, "id");
      const isOwn = id !== target.cast.person(1).externalId && id.toLowerCase() !== "bulkid";
      expectThat(response, isOwn, `should not have the id ${shown(id)}`);
      expectMember(await readPerson(target, 2), "id", target.cast.person(2).id);
    },
    faults: ["an id that is the provider's externalId"],
  },
  "read-user-has-what-was-given": {
    clause: "RFC 7644 section 3.3",
    title: "userName, externalId, names and active come back as they were given.",
    run: async (target) => {
      for (const { number, userName, externalId, givenName, familyName, displayName, active } of target.cast.people()) {
        const name = { "name.givenName": givenName, "name.familyName": familyName };
        await shows(`person ${number}`, { userName, externalId, ...name, displayName, active })(target);
      }
    },
    faults: [
      "a userName in small letters and a family name without its accents and case",
      "a displayName made up for who has none",
    ],
  },
  "read-user-inactive-is-there": {
    clause: "RFC 7643 section 4.1.1",
    title: "Somebody who is not active can be read, and active is the boolean false.",
    run: shows("person 4", { active: false }),
    faults: ["booleans as texts", "a 404 for who is not active"],
  },
  "read-user-has-one-primary-email": {
    clause: "RFC 7643 section 2.4",
    title: "emails are objects with a value, and at most one of them is primary.",
    run: async (target) => {
      const response = await readPerson(target);
      const emails = at(response.body, "emails") ?? [];
      expectThat(response, Array.isArray(emails), `should hold emails as an array, not ${shown(emails)}`);
      for (const email of emails)
        expectThat(
          response,
          typeof at(email, "value") === "string",
          `should give each e-mail a value: ${shown(email)}`,
        );
      const primaries = emails.filter((email) => at(email, "primary") === true);
      expectThat(response, primaries.length <= 1, `should have one primary e-mail, but has ${primaries.length}`);
    },
    faults: ["two primary e-mails", "an e-mail that is a text"],
  },
  "read-user-hides-password": {
    clause: "RFC 7643 section 7",
    title: "A password is never answered.",
    run: async (target) => {
      for (const { number } of target.cast.people())
        expectMember(await readPerson(target, number), "password", undefined);
      const asked = await target.get(`/Users/${target.cast.person(1).id}`, { attributes: "password" });
      expectMember(asked, "password", undefined);
    },
    faults: ["a password that is shown"],
  },
  "read-group-by-id": {
    title: "A group can be read under the id that the service gave, with its name.",
    run: shows("group 1", ({ cast }) => {
      const { id, displayName } = cast.group(1);
      return { id, displayName };
    }),
    faults: ["an id in capital letters", "a group without its name"],
  },
  "read-group-has-schema": {
    clause: "RFC 7643 section 3",
    title: "A group has the core Group schema.",
    run: async (target) => expectSchema(await readGroup(target), `${core}:Group`),
    faults: ["resources without schemas"],
  },
  "read-group-has-meta": {
    clause: "RFC 7643 section 3.1",
    title: "meta of a group has the type Group, times and its address.",
    run: async (target) => {
      const response = await readGroup(target);
      expectMember(response, "meta.resourceType", "Group");
      expectTimes(response);
      expectLocation(response, response.body, `/Groups/${target.cast.group(1).id}`);
    },
    faults: [
      "resources without their type",
      "a time that is a mere day",
      "a change before the creation",
      "a location without a host",
    ],
  },
  "read-group-has-members": {
    clause: "RFC 7643 section 4.2",
    title: "members holds the ids of the group's people, each once.",
    run: shows("group 1", { members: [1, 2] }),
    faults: ["a group that hides its last member", "members by their names"],
  },
  "read-group-members-are-described": {
    clause: "RFC 7643 section 4.2",
    title: "A member's $ref and type, where there are any, name that person.",
    run: async (target) => {
      const response = await readGroup(target);
      for (const member of arrayAt(response, "members").filter(isObject)) {
        const { value, $ref, type } = member;
        expectSame(response, "the type of a member", type ?? "User", "User");
        const isTheirs = $ref === undefined || (typeof $ref === "string" && $ref.endsWith(`/Users/${String(value)}`));
        expectThat(response, isTheirs, `should refer to ${shown(value)}, not to ${shown($ref)}`);
      }
    },
    faults: ["members that refer to groups", "members of another type"],
  },
});
