import { type OktaPerson, throwAwayPassword } from "./okta-directory.ts";
import type { OktaUser } from "./okta-user.ts";
import { patchBody, userSchema } from "./scim-wire.ts";

/** The body of POST /Users, member for member as in docs/idp-wire.md, section 3.2. */
export function createBody(person: OktaPerson): object {
  const { login, givenName, familyName, locale } = person.profile;
  return {
    schemas: [userSchema],
    userName: login,
    name: { givenName, familyName },
    emails: [{ primary: true, value: login, type: "work" }],
    displayName: displayNameOf(person),
    locale: locale ?? "en-US",
    externalId: person.id,
    groups: [],
    password: throwAwayPassword(),
    active: true,
  };
}

/**
 * The body of PUT /Users/{id}: everything the service returned, `id`, `meta` and unknown members included, with Okta's
 * values over it (docs/idp-wire.md, section 3.4).
 */
export function mergedBody(remote: OktaUser, person: OktaPerson, active: boolean): object {
  const { login, givenName, familyName, locale } = person.profile;
  return {
    ...remote,
    userName: login,
    name: { ...remote.name, givenName, familyName },
    emails: remote.emails.map((email) => (email.primary === true ? { ...email, value: login } : email)),
    displayName: displayNameOf(person),
    locale: locale ?? "en-US",
    externalId: person.id,
    groups: remote["groups"] ?? [],
    active,
  };
}

/** The body of the PATCH by which a template app (de)activates: no path, an object as the value (section 3.5). */
export function activePatch(active: boolean): object {
  return patchBody([{ op: "replace", value: { active } }]);
}

function displayNameOf(person: OktaPerson): string {
  const { displayName, givenName, familyName } = person.profile;
  return displayName ?? `${givenName} ${familyName}`;
}
