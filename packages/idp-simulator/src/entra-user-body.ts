import type { EntraPerson } from "./entra-directory.ts";
import { enterpriseSchema } from "./entra-wire.ts";
import { userSchema } from "./scim-wire.ts";

/**
 * The forms of POST /Users: `whole` as Entra provisions, `nulls` as its documentation's second example (with half of
 * the attributes unmapped, and a misspelled URN), `minimal` as the Validator begins.
 */
export type CreateShape = "whole" | "nulls" | "minimal";

export function createBody(person: EntraPerson, shape: CreateShape): object {
  switch (shape) {
    case "whole":
      return wholeBody(person);
    case "nulls":
      return bodyWithNulls(person);
    case "minimal":
      return { userName: person.profile.userPrincipalName, schemas: [userSchema] };
  }
}

function wholeBody(person: EntraPerson): object {
  const { givenName, surname, jobTitle, employeeId } = person.profile;
  return {
    schemas: [userSchema, enterpriseSchema],
    ...shared(person),
    name: { formatted: `${givenName} ${surname}`, familyName: surname, givenName },
    ...(jobTitle === undefined ? {} : { title: jobTitle }),
    [enterpriseSchema]: { ...(employeeId === undefined ? {} : { employeeNumber: employeeId }), department: "Tests" },
    roles: [],
  };
}

function bodyWithNulls(person: EntraPerson): object {
  const { givenName, surname } = person.profile;
  return {
    schemas: [userSchema, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"],
    ...shared(person),
    addresses: null,
    name: { familyName: surname, givenName },
    phoneNumbers: null,
    preferredLanguage: null,
    title: null,
    department: null,
    manager: null,
  };
}

function shared({ profile }: EntraPerson): object {
  return {
    externalId: profile.mailNickname,
    userName: profile.userPrincipalName,
    active: true,
    displayName: profile.displayName,
    emails: [{ primary: true, type: "work", value: profile.userPrincipalName }],
    meta: { resourceType: "User" },
  };
}
