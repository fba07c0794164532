import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isEmailAddress } from "./email-address.ts";
import type { MemberFields, MemberInput } from "./member.ts";
import { personName } from "./person-name.ts";
import type { Refusal } from "./rule-error.ts";

/** What is known before a POST. `account` is the global account of that e-mail, if there is one. */
export type CreationFacts = {
  readonly isUserNameTaken: boolean;
  readonly isExternalIdTaken: boolean;
  readonly account: { readonly id: string } | null;
  /** The member of that e-mail that was DELETEd here, newest first contact wins. */
  readonly deleted: {
    readonly id: string;
    readonly externalId: string | null;
    /** Has the provider given that externalId to somebody else since? */
    readonly isExternalIdTaken: boolean;
    readonly awaitsAcceptance: boolean;
  } | null;
  readonly isDomainVerified: boolean;
};

export type CreationPlan = {
  readonly kind: "add" | "revive";
  /** The identity to revive; undefined for a new one. */
  readonly memberId: string | undefined;
  /** The account to join; undefined where one must be made. */
  readonly accountId: string | undefined;
  readonly fields: MemberFields;
  readonly grantsDefaultRole: boolean;
  readonly awaitsAcceptance: boolean;
};

/**
 * Decides a POST of a person (design section 3, rules 1, 5 and 7). A visible member, linked or not, active or not, is
 * never taken over by POST. A deleted person comes back under the same identity, unless the provider names another
 * externalId: then somebody else has inherited the address. An account made elsewhere gives access at once only where
 * this organization has verified its domain.
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
  const fields = { ...input, active, name: personName(input, userName) };
  const accountId = facts.account?.id;
  const former = facts.deleted;
  if (former !== null && isSameIdentity(former.externalId, externalId)) {
    return ok({
      kind: "revive",
      memberId: former.id,
      accountId,
      fields: { ...fields, externalId: externalId ?? (former.isExternalIdTaken ? null : former.externalId) },
      grantsDefaultRole: active,
      awaitsAcceptance: former.awaitsAcceptance && !facts.isDomainVerified,
    });
  }
  return ok({
    kind: "add",
    memberId: undefined,
    accountId,
    fields,
    grantsDefaultRole: active,
    awaitsAcceptance: facts.account !== null && !facts.isDomainVerified,
  });
}

/** An externalId that either side leaves out cannot tell two people apart. */
function isSameIdentity(former: string | null, given: string | null): boolean {
  return former === null || given === null || former === given;
}
