import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isTyped } from "../confirmation.ts";
import { formatPeople } from "../messages/sentence.ts";
import type { Refusal } from "../rule-error.ts";

/**
 * How many active members of an organization can sign in by which method. Assignments in the provider are not known.
 */
export type SignInWays = {
  readonly hasSso: boolean;
  readonly people: number;
  /** They have a password that the organization accepts. */
  readonly withPassword: number;
  /** They have no password, as they were created by the directory. */
  readonly withoutPassword: number;
  /** How many of those without a password cannot set one, because of account locks or an undeliverable address. */
  readonly locked: number;
};

/** Who can sign in and how, in one or two sentences. */
export function signInMessage({ hasSso, people, withPassword, withoutPassword, locked }: SignInWays): string {
  if (hasSso) {
    const all = people === 1 ? "The only member" : `Each of the ${count(people)} people`;
    const also = withPassword === 0 ? "no one with a password" : `${count(withPassword)} also with a password`;
    return `${all} can sign in with single sign-on once assigned there; ${also}.`;
  }
  if (withoutPassword === 0) return `${formatPeople(people)} can sign in, with a password.`;
  const some = withPassword === 0 ? "No one" : `${count(withPassword)} of ${formatPeople(people)}`;
  return `${some} can sign in with a password. ${withoutPasswordMessage(withoutPassword, locked)}`;
}

function withoutPasswordMessage(withoutPassword: number, locked: number): string {
  const none = `${count(withoutPassword)} ${withoutPassword === 1 ? "has" : "have"} no password`;
  const canSet = withoutPassword - locked;
  const mayAsk = "can set one with “Forgot your password?”";
  if (locked === 0) return `${none} and ${mayAsk}.`;
  const cannot = "cannot sign in until single sign-on is set up";
  return canSet === 0 ? `${none} and ${cannot}.` : `${none}: ${count(locked)} ${cannot}, ${count(canSet)} ${mayAsk}.`;
}

/** The effect of removing single sign-on on members without a password, a sentence each. */
export function ssoRemovalMessages({ withoutPassword, locked }: SignInWays): readonly string[] {
  const canSet = withoutPassword - locked;
  const theyHave = (people: number): string => (people === 1 ? "has" : "have");
  const stranded = `${formatPeople(locked)} cannot sign in afterwards: they have no password and cannot set one because of account locks.`;
  const asking = `${formatPeople(canSet)} ${theyHave(canSet)} no password and must set one with “Forgot your password?” to sign in again.`;
  if (withoutPassword === 0) return ["Everyone has a password and can still sign in."];
  return [...(locked > 0 ? [stranded] : []), ...(canSet > 0 ? [asking] : [])];
}

/** The confirmation phrase for removing single sign-on: with the number of members who lose access, if any. */
export function ssoRemovalPhrase(locked: number): string {
  return locked === 0 ? "remove" : `lock out ${locked} ${locked === 1 ? "person" : "people"}`;
}

/** Single sign-on is removed only if the number of members who lose access was typed. */
export function checkSsoRemoval(locked: number, typed: string): Result<void, Refusal<"confirmationWrong">> {
  const expected = ssoRemovalPhrase(locked);
  return isTyped(typed, expected) ? ok(undefined) : err({ kind: "confirmationWrong", expected });
}

function count(people: number): string {
  return people.toLocaleString("en");
}
