import type { PeopleTreatment } from "./provisioning/people-job.ts";
import type { LockedAction } from "./member/locked-action.ts";
import type { MailScope } from "./account/mail-limit.ts";

/**
 * Every reason for which Rollcall refuses a well-formed request. A refusal is data: each app maps every kind to an error
 * in one table (`apps/scim/src/http/scim-error.ts`, `apps/api/src/errors/error-messages.ts`).
 */
export type RuleError =
  | { readonly kind: "userNameNotEmail"; readonly userName: string }
  /** `inactiveId`: the inactive member with that userName, if a POST was refused. */
  | { readonly kind: "userNameTaken"; readonly userName: string; readonly inactiveId?: string }
  | { readonly kind: "externalIdTaken"; readonly externalId: string; readonly inactiveId?: string }
  | { readonly kind: "emailTaken"; readonly email: string }
  /** `domain` null: of an address that the account has elsewhere, which the organization must not learn. */
  | { readonly kind: "domainNotVerified"; readonly domain: string | null }
  | { readonly kind: "domainTaken"; readonly domain: string }
  | { readonly kind: "domainMalformed"; readonly domain: string }
  | { readonly kind: "emailFixedAtFirstContact"; readonly userName: string }
  | { readonly kind: "lastOwner"; readonly name: string }
  | { readonly kind: "memberNotFound"; readonly memberId: string }
  | { readonly kind: "membersUnknown"; readonly memberIds: readonly string[] }
  /** The request made groups members of a group; at most ten ids. */
  | { readonly kind: "groupsAsMembers"; readonly groupIds: readonly string[] }
  /** Mass-removal protection holds the change until an owner decides. `limit`: people within 15 minutes. */
  | { readonly kind: "guardTripped"; readonly limit: number; readonly retryAfterS: number }
  /** An owner has decided to keep these people; at most ten names. */
  | { readonly kind: "guardRejected"; readonly names: readonly string[] }
  | { readonly kind: "heldChangeNotFound" }
  | { readonly kind: "guardUndecided"; readonly count: number }
  /** Filters with this many comparisons are too expensive for this many members. */
  | {
      readonly kind: "memberFiltersTooCostly";
      readonly terms: number;
      readonly members: number;
      readonly limit: number;
    }
  | { readonly kind: "roleNotFound"; readonly roleId: string }
  | { readonly kind: "roleNameTaken"; readonly name: string }
  | { readonly kind: "roleExternalIdTaken"; readonly externalId: string }
  | { readonly kind: "roleBuiltIn"; readonly name: string }
  | { readonly kind: "roleNotLinked"; readonly name: string }
  | { readonly kind: "roleMadeByHand"; readonly name: string }
  | { readonly kind: "roleManagedByScim"; readonly name: string }
  | { readonly kind: "roleIsDefault"; readonly name: string }
  | { readonly kind: "onlyRole"; readonly name: string }
  | { readonly kind: "roleMapped"; readonly name: string }
  /** The time to undo has passed, or the role was given or taken since. */
  | { readonly kind: "undoOver"; readonly name: string }
  | { readonly kind: "roleIsMappingTarget"; readonly name: string }
  | { readonly kind: "mappingGroupUnfit"; readonly name: string }
  | { readonly kind: "mappingTargetUnfit"; readonly name: string }
  | { readonly kind: "mappingGroupTwice"; readonly name: string }
  | { readonly kind: "mappingsMoved" }
  | { readonly kind: "defaultRoleRequired" }
  | { readonly kind: "ownerRoleUnconfirmed"; readonly name: string }
  | { readonly kind: "ssoUnacknowledged" }
  | { readonly kind: "provisioningOff" }
  | { readonly kind: "provisioningAlreadyOn" }
  /** A job still treats the people of the organization. */
  | {
      readonly kind: "peopleJobRunning";
      readonly choice: PeopleTreatment;
      readonly people: number;
      readonly done: number;
    }
  | { readonly kind: "setupNotBegun" }
  | { readonly kind: "setupNotConnected" }
  | { readonly kind: "tokenNotFound"; readonly tokenId: string }
  | { readonly kind: "tokenLimitReached"; readonly limit: number }
  | { readonly kind: "tokenNotActive"; readonly name: string }
  /** No other token outlasts this one; `endsAt`: when the last other one ends, null if there is none. */
  | { readonly kind: "lastTokenUnconfirmed"; readonly name: string; readonly endsAt: Date | null }
  | MemberLocked
  | AccountRefusal
  | InvitationRefusal
  | SsoRefusal
  | { readonly kind: "selfRemoval" }
  | { readonly kind: "onlyDirectoryRemoves"; readonly name: string }
  | { readonly kind: "onlyDirectoryReactivates"; readonly name: string }
  /** Another decision about the person's access was made since. */
  | { readonly kind: "reactivationOver"; readonly name: string }
  | { readonly kind: "ownerRemovalUnconfirmed"; readonly count: number }
  | { readonly kind: "confirmationWrong"; readonly expected: string }
  | { readonly kind: "permissionUnknown"; readonly permission: string }
  | { readonly kind: "domainNotFound"; readonly domain: string }
  | { readonly kind: "domainPublic"; readonly domain: string }
  | { readonly kind: "domainLimitReached"; readonly limit: number }
  | { readonly kind: "domainUnproven"; readonly domain: string; readonly problem: string };

/**
 * Why an organization holds a lock: its identity provider manages the membership; provisioning is off and its owners have
 * kept the person locked; or the lock holds for every member, this one by invitation or from before (docs/decisions/0045).
 */
export const lockReasons = ["managed", "kept", "everybody"] as const;
export type LockReason = (typeof lockReasons)[number];

/** An organization that holds a lock, and whether the person owns it. */
export type LockHolder = {
  readonly id: string;
  readonly name: string;
  readonly reason: LockReason;
  readonly isOwner: boolean;
};

/** A proof that a signed-in person can be asked for. */
export type ProofKind = "password" | "secondFactor";

/** An owner to ask, with the address that their organization has. */
export type Contact = { readonly name: string; readonly email: string };

/**
 * The locked action, the organizations that lock it, and their other owners, at most ten (docs/design.md section 3, rule 2).
 */
export type MemberLocked = {
  readonly kind: "memberLocked";
  readonly action: LockedAction;
  readonly holders: readonly LockHolder[];
  readonly owners: readonly Contact[];
};

type AccountRefusal =
  | { readonly kind: "signInWrong" }
  /** The password is correct, and no membership gives access: the deactivated ones, by name, and their owners. */
  | { readonly kind: "accessEnded"; readonly organizations: readonly string[]; readonly owners: readonly Contact[] }
  | { readonly kind: "passwordWrong" }
  | { readonly kind: "passwordWeak"; readonly problem: string }
  | { readonly kind: "twoFactorRequired" }
  | { readonly kind: "twoFactorWrong" }
  | { readonly kind: "twoFactorAlreadyOn" }
  | { readonly kind: "twoFactorOff" }
  /** An emailed link that is unknown, used, withdrawn or expired, which are not told apart. */
  | { readonly kind: "linkEnded" }
  | { readonly kind: "challengeNotFound"; readonly challengeId: string }
  | { readonly kind: "challengeLimitReached"; readonly limit: number }
  /** The limit of emails within `hours` is reached: to the address, or requested by `scope`. */
  | {
      readonly kind: "mailLimitReached";
      readonly scope: MailScope;
      readonly email: string;
      readonly limit: number;
      readonly hours: number;
    }
  | { readonly kind: "emailMalformed"; readonly email: string }
  | { readonly kind: "emailUnchanged"; readonly email: string };

type InvitationRefusal =
  | { readonly kind: "invitationNotFound"; readonly invitationId: string }
  | { readonly kind: "invitationNotOpen"; readonly email: string }
  | { readonly kind: "invitationPending"; readonly email: string }
  | { readonly kind: "invitationForOther"; readonly email: string }
  | { readonly kind: "memberAlready"; readonly email: string };

type SsoRefusal =
  | { readonly kind: "ssoNotConfigured" }
  | { readonly kind: "ssoMetadataInvalid"; readonly problem: string }
  | { readonly kind: "ssoResponseRefused"; readonly problem: string }
  /** The change would end every owner's way to sign in. */
  | { readonly kind: "ownersWithoutPassword" }
  | { readonly kind: "ssoRequired"; readonly organization: string; readonly organizationId: string }
  /** The sign-in lacks a proof that the other organization requires. */
  | { readonly kind: "entryUnproven"; readonly organization: string; readonly missing: readonly ProofKind[] }
  /** The last proof in the session is too old for the change. */
  | { readonly kind: "proofTooOld" }
  | { readonly kind: "accountUnproven" }
  | { readonly kind: "ssoExemptionNeedless"; readonly name: string };

export type Refusal<K extends RuleError["kind"]> = Extract<RuleError, { readonly kind: K }>;

/** The rules that refuse SCIM requests. */
export type ScimRefusalKind = Extract<
  RuleError["kind"],
  | "userNameNotEmail"
  | "userNameTaken"
  | "externalIdTaken"
  | "emailTaken"
  | "domainNotVerified"
  | "emailFixedAtFirstContact"
  | "lastOwner"
  | "guardTripped"
  | "guardRejected"
  | "memberNotFound"
  | "membersUnknown"
  | "groupsAsMembers"
  | "memberFiltersTooCostly"
  | "roleNotFound"
  | "roleNameTaken"
  | "roleExternalIdTaken"
  | "roleBuiltIn"
  | "roleNotLinked"
  | "roleMadeByHand"
  | "roleIsDefault"
  | "provisioningOff"
>;
