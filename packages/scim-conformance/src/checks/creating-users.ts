import { expectError, expectMember, expectStatus, expectThat } from "../assertion.ts";
import { at } from "../json.ts";
import { checksOf, type Chapter } from "../check.ts";
import type { Target } from "../target.ts";
import { createsPerson, refusesPost } from "./write-kinds.ts";
import {
  bodyOfPerson,
  enterpriseSchema,
  pathOf,
  personPath,
  read,
  recreatePerson,
  staysAsItIs,
  userSchema,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7643 section 4.1.1" };

/** What a POST keeps of a person. Where one must be new, one of the five is deleted first and so comes back. */
export const creatingUsersChecks = checksOf(chapter, {
  "create-user-name-taken": {
    clause: "RFC 7644 section 3.3",
    title: "A POST with a userName that somebody has is 409 uniqueness.",
    run: refusesPost("/Users", [409, "uniqueness"], (target) => bodyOfPerson(target, 1)),
    faults: ["a 200 for what cannot be created", "a refused POST without a scimType"],
  },
  "create-user-name-taken-in-other-case": {
    title: "A userName is unique in any letter case.",
    run: refusesPost("/Users", [409, "uniqueness"], (target) =>
      bodyOfPerson(target, 1, { userName: target.cast.person(1).userName.toUpperCase(), externalId: undefined }),
    ),
    faults: ["a 200 for what cannot be created"],
  },
  "create-user-name-taken-by-inactive": {
    title: "The userName of somebody who is not active is taken too.",
    run: refusesPost("/Users", [409, "uniqueness"], (target) => bodyOfPerson(target, 4)),
    faults: ["a 200 for what cannot be created"],
  },
  "create-user-name-taken-changes-nothing": {
    clause: "RFC 7644 section 3.3",
    title: "A POST that is refused because its userName is taken leaves whoever has it unchanged.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async () => {
        const name = { givenName: "Mallory", familyName: "Other" };
        expectError(await target.post("/Users", bodyOfPerson(target, 1, { name, displayName: "Mallory" })), 409);
      }),
    faults: ["a POST of a known userName that renames whoever has it"],
  },
  "create-user-keeps-user-name": {
    title: "A userName is shown in the letter case in which it was sent.",
    run: async (target) => {
      const userName = target.cast.person(2).userName.replace(/^./, (letter) => letter.toUpperCase());
      await createsPerson(2, { userName }, { userName })(target);
    },
    faults: ["a userName in lower case"],
  },
  "create-user-keeps-name": {
    title: "The parts of a name and the displayName are kept as they were sent.",
    run: async (target) => {
      const name = { givenName: "Zoë-Łucja 雪", familyName: 'O\'Brien "von" \\ Ω' };
      const shown = { "name.givenName": name.givenName, "name.familyName": name.familyName, displayName: "Zoë 🙂" };
      await createsPerson(2, { name, displayName: "Zoë 🙂" }, shown)(target);
    },
    faults: ["a name that is not kept"],
  },
  "create-user-inactive": {
    title: "A person can be created who is not active.",
    run: async (target) => {
      const created = await recreatePerson(target, 4, { active: false });
      expectStatus(created, 201);
      expectMember(created, "active", false);
    },
    faults: ["everybody active from the beginning"],
  },
  "create-user-active-by-default": {
    title: "A person who is created without a word about active is shown with active as a boolean, if at all.",
    run: async (target) => {
      const created = await recreatePerson(target, 2, { active: undefined });
      expectStatus(created, 201);
      const active = at((await read(target, pathOf("/Users", created))).body, "active");
      expectThat(created, active === undefined || typeof active === "boolean", "should show active as a boolean");
    },
    faults: ["active as a text"],
  },
  "create-user-one-primary-email": {
    clause: "RFC 7643 section 2.4",
    title: "A new person has at most one primary e-mail address, and each has a value.",
    run: async (target) => {
      const created = await recreatePerson(target, 2);
      expectStatus(created, 201);
      const emails = at(created.body, "emails") ?? [];
      const list: readonly unknown[] = Array.isArray(emails) ? emails : [undefined];
      const hasValues = list.every((email) => typeof at(email, "value") === "string");
      expectThat(created, hasValues, "should have emails that each have a value");
      const primaries = list.filter((email) => at(email, "primary") === true);
      expectThat(created, primaries.length <= 1, "should have one primary e-mail address at most");
    },
    faults: ["two primary e-mail addresses"],
  },
  "create-user-takes-enterprise-extension": {
    clause: "RFC 7643 section 4.3",
    title: "A person with the enterprise extension can be created.",
    run: createsPerson(
      5,
      ({ cast }) => ({
        schemas: [userSchema, enterpriseSchema],
        [enterpriseSchema]: { employeeNumber: "701984", department: "Tour", manager: { value: cast.person(1).id } },
      }),
      ({ cast }) => ({ userName: cast.person(5).userName }),
    ),
    faults: ["a 4xx for the enterprise extension"],
  },
  "create-user-takes-whole-core-schema": {
    clause: "RFC 7643 section 4.1",
    title: "A person with every attribute of the core schema can be created.",
    run: async (target) => {
      const created = await recreatePerson(target, 5, {
        nickName: "E",
        profileUrl: "https://people.example/5",
        title: "Dr",
        userType: "Employee",
        preferredLanguage: "en-GB",
        locale: "en-GB",
        timezone: "Europe/Berlin",
        groups: [],
        phoneNumbers: [{ value: "tel:+1-201-555-0123", type: "work" }],
        addresses: [{ type: "home", locality: "Basel", country: "CH", primary: true }],
        photos: [{ value: "https://photos.example/5.jpg", type: "photo" }],
        roles: [{ value: "guest", primary: true }],
        entitlements: [{ value: "door" }],
        x509Certificates: [],
        ims: [{ value: "e5", type: "xmpp" }],
      });
      expectStatus(created, 201);
    },
    faults: ["a 4xx for attributes that are not kept"],
  },
  "create-user-hides-password": {
    title: "A password is never returned.",
    run: async (target) => {
      const password = "t1meMa$heen-conformance";
      const created = await recreatePerson(target, 5, { password });
      expectStatus(created, 201);
      const found = await target.get(pathOf("/Users", created), { attributes: "userName,password" });
      for (const response of [created, found]) {
        const isHidden = at(response.body, "password") === undefined && !response.text.includes(password);
        expectThat(response, isHidden, "should not show a password");
      }
    },
    faults: ["a new password that is returned"],
  },
  "create-user-without-user-name": {
    title: "A person without a userName is 400 invalidValue.",
    run: refusesPost("/Users", [400, "invalidValue"], { schemas: [userSchema], active: true }),
    faults: ["a 200 for what cannot be created", "a refused POST without a scimType"],
  },
  "create-user-wrong-types": {
    clause: "RFC 7644 section 3.12",
    title: "A userName that is a number and a name that is a text are 400 invalidValue.",
    run: refusesPost(
      "/Users",
      [400, "invalidValue"],
      ...[{ userName: 7 }, { name: "Ada" }, { active: "perhaps" }, { displayName: ["Ada"] }].map(
        (wrong) => (target: Target) => bodyOfPerson(target, 1, wrong),
      ),
    ),
    faults: ["a 200 for what cannot be created"],
  },
});
