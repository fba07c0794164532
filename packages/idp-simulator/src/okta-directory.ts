import { randomInt } from "node:crypto";
import type { Provisioned } from "./resource-client.ts";

/** A person's profile in Okta. `login` becomes SCIM's userName and the primary email. */
export type OktaProfile = {
  readonly login: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Given and family name where absent. */
  readonly displayName?: string;
  readonly locale?: string;
};

/** A person in Okta's own directory; in the service after the first assignment. */
export type OktaPerson = Provisioned & { profile: OktaProfile; isAssigned: boolean };

/** A group in Okta's own directory. `pushedMembers` are the members of the last push. */
export type OktaGroup = Provisioned & {
  name: string;
  members: readonly OktaPerson[];
  pushedMembers: readonly MemberReference[];
};

/** A member as in a group push. */
export type MemberReference = { readonly value: string; readonly display: string };

/** The members that a push includes: only people who are assigned to the app (O-PLAN), each once. */
export function pushableMembers(group: OktaGroup): MemberReference[] {
  return [...new Set(group.members)].flatMap(({ remoteId, isAssigned, profile }) =>
    isAssigned && remoteId !== null ? [{ value: remoteId, display: profile.login }] : [],
  );
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** For Okta's ids and passwords. */
export function randomText(length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join("");
}
