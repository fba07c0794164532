import { describe, expect, test } from "vitest";
import { replace, idOf, resourcesOf, refusalOf } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, find } = await useScim();

const groupId = idOf(await acme.post("/Groups", { displayName: "Straße Team" }));
const userId = idOf(await acme.post("/Users", { userName: "pam@bücher.example" }));

// Design section 3, rule 14: visually identical names count as equal.
describe("a role", () => {
  test.each([
    ["a blank behind it", "Account Owners "],
    ["a no-break space", "Account\u00a0Owners"],
    ["two blanks", "Account  Owners"],
    ["a zero-width space", "Acc\u200bount Owners"],
    ["a blank of Braille", "Account Owners\u2800"],
    ["a Hangul filler", "Account\u3164 Owners"],
    ["another case", "ACCOUNT owners"],
    ["full-width letters", "\uff21ccount Owners"],
    ["Cyrillic letters", "Ассоunt Оwnеrs"],
    ["Greek letters", "Αccount Οwners"],
    ["mathematical letters", "𝐀ccount 𝗢wners"],
    ["Cyrillic letters, of deploy owners", "Dерlоу Owners"],
  ])("with the name of a built-in role, but %s, is 409", async (_how, displayName) => {
    for (const response of [
      await acme.post("/Groups", { displayName }),
      await acme.put(`/Groups/${groupId}`, { displayName }),
      await acme.patch(`/Groups/${groupId}`, { Operations: [replace("displayName", displayName)] }),
    ])
      expect(refusalOf(response)).toEqual([409, "uniqueness"]);
  });

  test.each(["straße team", " Straße\u2003Team", "Straße\u00ad Team", "Stra\u200dße Team", "\uff33traße Team"])(
    "with another role's name, written as %j, is 409",
    async (displayName) => {
      const response = await acme.post("/Groups", { displayName });
      expect(refusalOf(response)).toEqual([409, "uniqueness"]);
    },
  );

  test.each(["Owners", "Account Owners 2", "Аналитики", "所有者", "Strasse Team"])(
    "%s is a name of its own",
    async (displayName) => {
      const made = await acme.post("/Groups", { displayName });
      expect([made.status, made.body["displayName"]]).toEqual([201, displayName]);
      const found = await find("/Groups", `displayName eq "${displayName}"`);
      expect(resourcesOf(found)).toHaveLength(1);
    },
  );
});

describe("a person", () => {
  test.each(["pam@xn--bcher-kva.example", "PAM@XN--BCHER-KVA.example", "pam@Bu\u0308cher.example"])(
    "is found as %s, and the address is taken",
    async (userName) => {
      for (const attribute of ["userName", "emails.value", "emails"]) {
        const found = await find("/Users", `${attribute} eq "${userName}"`);
        expect(resourcesOf(found).map(({ id }) => id)).toEqual([userId]);
      }
      const response = await acme.post("/Users", { userName });
      expect(refusalOf(response)).toEqual([409, "uniqueness"]);
    },
  );

  test.each(["pam\u200b@acme.example", "\u202epam@acme.example", "p\u0007am@acme.example", "\uff50am@acme.example"])(
    "cannot have the address %j: 400",
    async (userName) => {
      const response = await acme.post("/Users", { userName });
      expect(refusalOf(response)).toEqual([400, "invalidValue"]);
    },
  );

  test.each(["Pam\u202e", "Pam\nBeesly", "\u2067Pam", "Pam\u0085"])("cannot be called %j: 400", async (text) => {
    for (const body of [{ displayName: text }, { name: { givenName: text } }, { name: { familyName: text } }]) {
      const made = await acme.post("/Users", { userName: "jim@acme.example", ...body });
      const changed = await acme.put(`/Users/${userId}`, { userName: "pam@bücher.example", ...body });
      for (const response of [made, changed]) expect(refusalOf(response)).toEqual([400, "invalidValue"]);
    }
    const group = await acme.post("/Groups", { displayName: text });
    expect(refusalOf(group)).toEqual([400, "invalidValue"]);
  });

  test("may be renamed from either form of a verified domain to the other", async () => {
    await scim.verifyDomain("xn--bcher-kva.example");
    for (const userName of ["pam.beesly@xn--bcher-kva.example", "pam@bücher.example"]) {
      const response = await acme.put(`/Users/${userId}`, { userName });
      expect([response.status, response.body["userName"]]).toEqual([200, userName]);
    }
  });
});
