import { type MemberReference, type OktaPerson, randomText } from "./okta-directory.ts";
import type { OktaUser } from "./okta-wire.ts";
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
    // Okta sends a throw-away password of eight letters on every create, also with Sync Password off.
    password: randomText(8),
    active: true,
  };
}

/**
 * The body of PUT /Users/{id}: everything the service returned, `id`, `meta` and unknown members included, with Okta's
 * values over it (docs/idp-wire.md, section 3.4).
 */
export function mergedBody(remote: OktaUser, person: OktaPerson): object {
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
  };
}

/** The body of the PATCH by which a template app (de)activates: no path, an object as the value (section 3.5). */
export function activePatch(active: boolean): object {
  return patchBody([{ op: "replace", value: { active } }]);
}

/** Okta's PATCH after a create and with every membership change, renamed or not; `id` is the group's own. */
export function replaceName(remoteId: string, displayName: string): object {
  return patchBody([{ op: "replace", value: { id: remoteId, displayName } }]);
}

/** The full push; of an empty group with `value: []` (CAP-757). */
export function replaceMembers(members: readonly MemberReference[]): object {
  return patchBody([{ op: "replace", path: "members", value: members }]);
}

export function addMembers(members: readonly MemberReference[]): object {
  return patchBody([{ op: "add", path: "members", value: members }]);
}

/** One removal for each removed person, then one add of the added ones (CAP-419); undefined without changes. */
export function memberChanges(
  pushed: readonly MemberReference[],
  members: readonly MemberReference[],
): object | undefined {
  const wanted = new Set(members.map((member) => member.value));
  const before = new Set(pushed.map((member) => member.value));
  const removals = pushed
    .filter(({ value }) => !wanted.has(value))
    .map(({ value }) => ({ op: "remove", path: `members[value eq ${JSON.stringify(value)}]` }));
  const added = members.filter((member) => !before.has(member.value));
  const additions = added.length === 0 ? [] : [{ op: "add", path: "members", value: added }];
  const operations = [...removals, ...additions];
  return operations.length === 0 ? undefined : patchBody(operations);
}

function displayNameOf(person: OktaPerson): string {
  const { displayName, givenName, familyName } = person.profile;
  return displayName ?? `${givenName} ${familyName}`;
}
