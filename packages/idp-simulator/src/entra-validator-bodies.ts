import type { MappedValues } from "./entra-patch.ts";
import { enterpriseSchema } from "./entra-wire.ts";
import { patchBody, userSchema } from "./scim-wire.ts";

/** The known bodies of Microsoft's SCIM Validator (E-VAL: results 26 and 32). */
export function validatorUser(userName: string): object {
  return {
    userName,
    active: true,
    displayName: "BDFAIMDWZXYA",
    emails: [{ type: "work", value: userName, primary: true }],
    name: { givenName: "Sadye", familyName: "Keaton" },
    addresses: [{ type: "work", primary: true, country: "Belize" }],
    phoneNumbers: [
      { type: "work", value: "56-357-7743", primary: true },
      { type: "mobile", value: "56-357-7743" },
      { type: "fax", value: "56-357-7743" },
    ],
    [enterpriseSchema]: { manager: { value: "GZFDHGRKQLCG" } },
    // The text instead of the value is the Validator's own: only the roles have it.
    roles: [{ primary: "True", display: "RAJBJMKHJSNI", value: "OGCIACGFVVRR", type: "IJAQSLXCMJPC" }],
    schemas: [userSchema, enterpriseSchema],
  };
}

export function validatorMinimalUser(userName: string): object {
  return { userName, schemas: [userSchema] };
}

/** A value for each attribute of Microsoft's default list; `userName` is the work email. 36 of them. */
export function verboseValues(userName: string, word: string): MappedValues {
  return {
    active: true,
    displayName: `${word} display`,
    title: `${word} title`,
    preferredLanguage: "en-US",
    userType: word,
    nickName: word,
    locale: "en-US",
    timezone: "Europe/Berlin",
    profileUrl: `https://profiles.example/${word}`,
    'emails[type eq "work"].value': userName,
    'emails[type eq "work"].primary': true,
    "name.givenName": `${word} given`,
    "name.familyName": `${word} family`,
    "name.formatted": `${word} given ${word} family`,
    "name.middleName": word,
    "name.honorificPrefix": word,
    "name.honorificSuffix": word,
    'phoneNumbers[type eq "work"].value': "95-113-9871",
    'phoneNumbers[type eq "work"].primary': true,
    'phoneNumbers[type eq "mobile"].value': "95-113-9872",
    'phoneNumbers[type eq "fax"].value': "95-113-9873",
    'addresses[type eq "work"].formatted': word,
    'addresses[type eq "work"].streetAddress': `${word} street`,
    'addresses[type eq "work"].locality': word,
    'addresses[type eq "work"].region': word,
    'addresses[type eq "work"].postalCode': "4711",
    'addresses[type eq "work"].primary': true,
    'addresses[type eq "work"].country': "Belize",
    [`${enterpriseSchema}:employeeNumber`]: word,
    [`${enterpriseSchema}:department`]: word,
    [`${enterpriseSchema}:costCenter`]: word,
    [`${enterpriseSchema}:organization`]: word,
    [`${enterpriseSchema}:division`]: word,
    'roles[primary eq "True"].display': word,
    'roles[primary eq "True"].value': word,
    'roles[primary eq "True"].type': word,
  };
}

/** One operation for each value, with its path, in lower case and with real booleans. */
export function verbosePatch(op: "add" | "replace", values: MappedValues): object {
  return patchBody(Object.entries(values).map(([path, value]) => ({ op, path, value })));
}
