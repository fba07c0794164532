import { err, ok, type Result } from "@rollcall/scim-protocol";
import { domainOf, emailKey, isEmailAddress } from "./email-address.ts";
import { changeEmail } from "./email-change.ts";
import { checkOwnerRemains } from "./last-owner.ts";
import { isSamePerson } from "./member-creation.ts";
import type { Member, MemberFields, MemberInput } from "./member.ts";
import { personName } from "./person-name.ts";
import type { Refusal } from "../rule-error.ts";

/** Facts that are read only under the organization's lock, when `needsLock` is true. */
export type LockedFacts = {
  /** The account's current address; it may have changed through another organization. Null: the account has lost it. */
  readonly accountEmail: string | null;
  readonly verifiedDomains: ReadonlySet<string>;
  readonly otherActiveOwners: number;
};

export type Transition = "none" | "deactivate" | "reactivate";

export type MemberChange = {
  readonly fields: MemberFields;
  /** Is this the provider's first contact with an existing member? Roles then stay as they are. */
  readonly links: boolean;
  readonly transition: Transition;
  /**
   * Does the provider give an inactive member's place to another person? The former person's access, roles and links
   * then end first, and the other person gets an account of their own.
   */
  readonly isAnotherPerson: boolean;
  /** The account's new address; undefined if it stays. */
  readonly email: string | undefined;
};

/**
 * Decides what the provider's PUT or PATCH does to a member (docs/design.md section 3, rules 2 to 7). Returns undefined if
 * nothing would change, so that a repeated write changes neither the version nor the change log.
 */
export function updateMember(
  member: Member,
  input: MemberInput,
  facts: LockedFacts,
): Result<
  MemberChange | undefined,
  Refusal<"userNameNotEmail" | "domainNotVerified" | "emailFixedAtFirstContact" | "lastOwner">
> {
  const change = changeOf(member, input);
  if (!member.isManaged && movesEmail(member, input)) {
    return err({ kind: "emailFixedAtFirstContact", userName: member.userName });
  }
  if (change.transition === "deactivate") {
    const kept = checkOwnerRemains(member.isOwner, facts.otherActiveOwners, change.fields.name);
    if (!kept.ok) return kept;
  }
  if (movesEmail(member, input)) {
    if (!isEmailAddress(input.userName)) return err({ kind: "userNameNotEmail", userName: input.userName });
    const isMoved = facts.accountEmail !== null && emailKey(facts.accountEmail) === emailKey(input.userName);
    // Another organization may have changed the account's address already; then only the userName here follows.
    if (isMoved && !change.isAnotherPerson) return ok(change);
    const moved = changeEmail(facts.accountEmail, input.userName, facts.verifiedDomains);
    if (!moved.ok) return err({ ...moved.error, domain: ownDomain(member, input, moved.error.domain) });
    return ok({ ...change, email: moved.value.email });
  }
  return ok(change.links || isDifferent(member, change.fields) ? change : undefined);
}

/**
 * Must the organization be locked and the remaining facts be read first? True for deactivated owners, for email changes
 * and if another person takes a member's place.
 */
export function needsLock(member: Member, input: MemberInput): boolean {
  if (movesEmail(member, input) || isAnotherPerson(member, input)) return true;
  return member.isOwner && member.active && input.active === false;
}

/** Decides a DELETE: the membership ends, the identity is kept for a later POST (docs/design.md section 3, rule 7). */
export function checkMemberDeletion(
  member: Member,
  facts: Pick<LockedFacts, "otherActiveOwners">,
): Result<void, Refusal<"lastOwner">> {
  return checkOwnerRemains(member.isOwner && member.active, facts.otherActiveOwners, member.name);
}

/** The domain of one of the two userNames, which the provider knows, or null. */
function ownDomain(member: Member, input: MemberInput, domain: string | null): string | null {
  return [member, input].some(({ userName }) => domainOf(userName) === domain) ? domain : null;
}

function movesEmail(member: Member, input: MemberInput): boolean {
  return emailKey(member.userName) !== emailKey(input.userName);
}

/**
 * Rule 5a: is an inactive managed member reactivated with another externalId? It is compared with the one under which
 * the member last had access, so that an intermediate change of the externalId has no effect.
 */
function isAnotherPerson(member: Member, input: MemberInput): boolean {
  if (member.active || !member.isManaged || input.active !== true) return false;
  return !isSamePerson(member.lastExternalId ?? member.externalId, input.externalId);
}

function changeOf(member: Member, input: MemberInput): MemberChange {
  const { formattedName, ...given } = input;
  const active = input.active ?? member.active;
  // A name that comes back as it was read is not an input.
  const formatted = formattedName === member.name ? formattedNameOf(member) : formattedName;
  return {
    fields: { ...given, active, name: personName({ ...given, formattedName: formatted }, input.userName) },
    links: !member.isManaged,
    transition: active === member.active ? "none" : active ? "reactivate" : "deactivate",
    isAnotherPerson: isAnotherPerson(member, input),
    email: undefined,
  };
}

/** The formatted name, if it follows from no other attribute of the member. */
function formattedNameOf(member: Member): string | null {
  return member.name === personName(member, member.userName) ? null : member.name;
}

function isDifferent(member: Member, fields: MemberFields): boolean {
  const known: Readonly<Record<string, unknown>> = member;
  return Object.entries(fields).some(([name, value]) => known[name] !== value);
}
