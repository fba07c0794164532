import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isEmailAddress } from "./email-address.ts";
import type { MemberFields, MemberInput } from "./member.ts";
import { personName } from "./person-name.ts";
import type { Refusal } from "../rule-error.ts";

/** The facts before a POST. `account` is the global account with that address, if there is one. */
export type CreationFacts = {
  readonly isUserNameTaken: boolean;
  readonly isExternalIdTaken: boolean;
  readonly account: {
    readonly id: string;
    /** Has it a visible membership in any organization? Without one it does not reserve the address. */
    readonly isInUse: boolean;
    /** Does a removed membership of that userName in this organization belong to it? */
    readonly wasHere: boolean;
  } | null;
  /** The member of that email that was deleted here: with the same externalId, or else the last one. */
  readonly deleted: {
    readonly id: string;
    /** Is its account the one with the address now? */
    readonly isHolder: boolean;
    readonly externalId: string | null;
    readonly lastExternalId: string | null;
    /** Has the provider given that externalId to another member since? */
    readonly isExternalIdTaken: boolean;
  } | null;
  readonly isDomainVerified: boolean;
};

/**
 * An account that loses its address. `isInUse` is the value that the decision is based on: if it has changed since,
 * decide again.
 */
export type AddressHolder = { readonly id: string; readonly isInUse: boolean };

export type CreationPlan = {
  readonly kind: "add" | "revive";
  /** The identity to revive; undefined for a new one. */
  readonly memberId: string | undefined;
  /** The account to join; undefined if one must be created or, while acceptance is awaited, none is. */
  readonly accountId: string | undefined;
  /** The account that gives the address up to the new one; undefined if none does. */
  readonly releases: AddressHolder | undefined;
  readonly fields: MemberFields;
  readonly grantsDefaultRole: boolean;
  readonly awaitsAcceptance: boolean;
};

/**
 * Decides a POST of a person (docs/design.md section 3, rules 1, 5, 5a and 7). A POST never takes over a visible member, linked
 * or not, active or not. A deleted person is restored under the same identity, unless the provider names another
 * externalId: then another person has the address now. A POST gives access at once only if this organization has
 * verified the domain of the address; otherwise the person, even a former member, accepts first.
 */
export function createMember(
  facts: CreationFacts,
  input: MemberInput,
): Result<CreationPlan, Refusal<"userNameNotEmail" | "userNameTaken" | "externalIdTaken">> {
  const { userName, externalId } = input;
  if (!isEmailAddress(userName)) return err({ kind: "userNameNotEmail", userName });
  if (facts.isUserNameTaken) return err({ kind: "userNameTaken", userName });
  if (facts.isExternalIdTaken && externalId !== null) return err({ kind: "externalIdTaken", externalId });

  const active = input.active ?? true;
  const { formattedName: _counted, ...given } = input;
  const fields = { ...given, active, name: personName(input, userName) };
  const former = formerOf(facts, externalId);
  const rest = { ...accountOf(facts, former), grantsDefaultRole: active };
  if (former === null) return ok({ kind: "add", memberId: undefined, fields, ...rest });
  const kept = externalId ?? (former.isExternalIdTaken ? null : former.externalId);
  return ok({ kind: "revive", memberId: former.id, fields: { ...fields, externalId: kept }, ...rest });
}

/** The deleted member that the provider means; null if it means another person or there is none. */
function formerOf({ deleted }: CreationFacts, externalId: string | null): CreationFacts["deleted"] {
  if (deleted === null) return null;
  return isSamePerson(deleted.lastExternalId ?? deleted.externalId, externalId) ? deleted : null;
}

/**
 * If the domain is not verified, whether an account exists makes no difference (rule 5b): the person accepts first. If
 * it is verified, the account with the address is joined, or one is created; an account of a former holder of the
 * address, or an unused one, gives it up.
 */
function accountOf(
  { account, isDomainVerified }: CreationFacts,
  former: CreationFacts["deleted"],
): Pick<CreationPlan, "accountId" | "releases" | "awaitsAcceptance"> {
  const isNew = { accountId: undefined, releases: undefined, awaitsAcceptance: !isDomainVerified };
  if (!isDomainVerified || account === null) return isNew;
  const isOwn = former?.isHolder === true;
  const isOfAnother = account.wasHere || !account.isInUse;
  if (isOwn || !isOfAnother) return { ...isNew, accountId: account.id };
  return { ...isNew, releases: { id: account.id, isInUse: account.isInUse } };
}

/** Can two externalIds belong to one person? A missing one cannot tell two people apart. */
export function isSamePerson(former: string | null, given: string | null): boolean {
  return former === null || given === null || former === given;
}
