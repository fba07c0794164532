import { expectMember, expectThat, pathOf } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import { at } from "../json.ts";
import { enterpriseSchema, userSchema } from "../request-body.ts";
import type { Target } from "../target.ts";
import { expectEmails } from "./reading.ts";
import { createsPerson, refusesPost, refusesUnchanged } from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7643 section 4.1.1" };

/** What a POST keeps of a person. If a new person is needed, one of the five is deleted first. */
export const creatingUsersChecks = checksOf(chapter, {
  "create-user-name-taken": check("A POST with the userName of another user is 409 uniqueness.")
    .clause("RFC 7644 section 3.3")
    .run(refusesPost("/Users", [409, "uniqueness"], ({ personBody }) => personBody(1)))
    .faults("a 200 for a refused POST", "a refused POST without a scimType"),
  "create-user-name-taken-in-other-case": check("A userName is unique in any letter case.")
    .run(
      refusesPost("/Users", [409, "uniqueness"], ({ personBody, person }) =>
        personBody(1, { userName: person(1).userName.toUpperCase(), externalId: undefined }),
      ),
    )
    .faults("a 200 for a refused POST"),
  "create-user-name-taken-by-inactive": check("The userName of an inactive user is taken too.")
    .run(refusesPost("/Users", [409, "uniqueness"], ({ personBody }) => personBody(4)))
    .faults("a 200 for a refused POST"),
  "create-user-name-taken-changes-nothing": check("A POST with a taken userName changes nothing of the other user.")
    .clause("RFC 7644 section 3.3")
    .run(
      refusesUnchanged("person 1", [409], ({ post, personBody }) =>
        post("/Users", personBody(1, { name: { givenName: "Mallory", familyName: "Other" }, displayName: "Mallory" })),
      ),
    )
    .faults("a POST of a known userName that renames whoever has it"),
  "create-user-keeps-user-name": check("A userName is shown in the letter case in which it was sent.")
    .run(async (target) => {
      const userName = target.person(2).userName.replace(/^./, (letter) => letter.toUpperCase());
      await createsPerson(2, { userName }, { userName })(target);
    })
    .faults("a userName in lower case"),
  "create-user-keeps-name": check("The parts of a name and the displayName are kept as they were sent.")
    .run(async (target) => {
      const name = { givenName: "Zoë-Łucja 雪", familyName: 'O\'Brien "von" \\ Ω' };
      const shown = { "name.givenName": name.givenName, "name.familyName": name.familyName, displayName: "Zoë 🙂" };
      await createsPerson(2, { name, displayName: "Zoë 🙂" }, shown)(target);
    })
    .faults("a name that is not kept"),
  "create-user-inactive": check("An inactive user can be created.")
    .run(async (target) => expectMember(await target.recreatePerson(4, { active: false }), "active", false))
    .faults("users that are all created active"),
  "create-user-active-by-default": check("A user that is created without active shows active as a boolean, if at all.")
    .run(async (target) => {
      const created = await target.recreatePerson(2, { active: undefined });
      const active = at((await target.read(pathOf(created))).body, "active");
      expectThat(created, active === undefined || typeof active === "boolean", "should show active as a boolean");
    })
    .faults("active as a text"),
  "create-user-one-primary-email": check("A new user has at most one primary email address, and each has a value.")
    .clause("RFC 7643 section 2.4")
    .run(async (target) => expectEmails(await target.recreatePerson(2)))
    .faults("two primary email addresses"),
  "create-user-takes-enterprise-extension": check("A user with the enterprise extension can be created.")
    .clause("RFC 7643 section 4.3")
    .run(
      createsPerson(
        5,
        ({ person }) => ({
          schemas: [userSchema, enterpriseSchema],
          [enterpriseSchema]: { employeeNumber: "701984", department: "Tour", manager: { value: person(1).id } },
        }),
        ({ person }) => ({ userName: person(5).userName }),
      ),
    )
    .faults("a 4xx for the enterprise extension"),
  "create-user-takes-whole-core-schema": check("A user with every attribute of the core schema can be created.")
    .clause("RFC 7643 section 4.1")
    .run(
      createsPerson(
        5,
        {
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
        },
        {},
      ),
    )
    .faults("a 4xx for attributes that are not kept"),
  "create-user-hides-password": check("A password is never returned.")
    .run(async (target) => {
      const password = "t1meMa$heen-conformance";
      const created = await target.recreatePerson(5, { password });
      const found = await target.get(pathOf(created), { attributes: "userName,password" });
      for (const response of [created, found]) {
        const isHidden = at(response.body, "password") === undefined && !response.text.includes(password);
        expectThat(response, isHidden, "should not show a password");
      }
    })
    .faults("a new password that is returned"),
  "create-user-without-user-name": check("A user without a userName is 400 invalidValue.")
    .run(refusesPost("/Users", [400, "invalidValue"], { schemas: [userSchema], active: true }))
    .faults("a 200 for a refused POST", "a refused POST without a scimType"),
  "create-user-wrong-types": check("A userName that is a number and a name that is a text are 400 invalidValue.")
    .clause("RFC 7644 section 3.12")
    .run(
      refusesPost(
        "/Users",
        [400, "invalidValue"],
        ...[{ userName: 7 }, { name: "Ada" }, { active: "perhaps" }, { displayName: ["Ada"] }].map(
          (wrong) => (target: Target) => target.personBody(1, wrong),
        ),
      ),
    )
    .faults("a 200 for a refused POST"),
});
