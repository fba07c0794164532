import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isEmailAddress } from "./email-address.ts";
import type { MemberFields, MemberInput } from "./member.ts";
import { personName } from "./person-name.ts";
import type { Refusal } from "../rule-error.ts";

/** What is known before a POST. `account` is the global account that holds that address, if there is one. */
export type CreationFacts = {
  readonly isUserNameTaken: boolean;
  readonly isExternalIdTaken: boolean;
  readonly account: {
    readonly id: string;
    /** Has it a visible membership in any organization? Without one it holds the address against nobody. */
    readonly isInUse: boolean;
    /** Does a removed membership of that userName here belong to it? */
    readonly wasHere: boolean;
  } | null;
  /** The member of that e-mail that was DELETEd here, newest first contact wins. */
  readonly deleted: {
    readonly id: string;
    /** Is its account the one that holds the address now? */
    readonly isHolder: boolean;
    readonly externalId: string | null;
    readonly lastExternalId: string | null;
    /** Has the provider given that externalId to somebody else since? */
    readonly isExternalIdTaken: boolean;
  } | null;
  readonly isDomainVerified: boolean;
};

/** An account that loses its address. `isInUse` is what was decided on: if it has changed since, decide again. */
export type Holder = { readonly id: string; readonly isInUse: boolean };

export type CreationPlan = {
  readonly kind: "add" | "revive";
  /** The identity to revive; undefined for a new one. */
  readonly memberId: string | undefined;
  /** The account to join; undefined where one must be made or, while acceptance is awaited, none is. */
  readonly accountId: string | undefined;
  /** The account that gives the address up to the one that is made; undefined where none does. */
  readonly releases: Holder | undefined;
  readonly fields: MemberFields;
  readonly grantsDefaultRole: boolean;
  readonly awaitsAcceptance: boolean;
};

/**
 * Decides a POST of a person (docs/design.md section 3, rules 1, 5, 5a and 7). A visible member, linked or not, active or not, is
 * never taken over by POST. A deleted person comes back under the same identity, unless the provider names another
 * externalId: then another person has the address now. A POST gives access at once only where this organization has
 * verified the domain of the address; elsewhere, and also where the person was a member before, they accept first.
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

/** The deleted member whom the provider means; null where it means another person or there is none. */
function formerOf({ deleted }: CreationFacts, externalId: string | null): CreationFacts["deleted"] {
  if (deleted === null) return null;
  return isSamePerson(deleted.lastExternalId ?? deleted.externalId, externalId) ? deleted : null;
}

/**
 * Where the domain is not verified, whether an account exists makes no difference (rule 5b): the person accepts first. Where
 * it is, the account that holds the address is joined, or one is made; an account of a former holder of the address, or
 * one that nobody uses, gives it up.
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

/** Can two externalIds be one person's? One that either side leaves out cannot tell two people apart. */
export function isSamePerson(former: string | null, given: string | null): boolean {
  return former === null || given === null || former === given;
}
