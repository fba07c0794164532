import type { RuleError } from "../rule-error.ts";
import { nameInSentence } from "./sentence.ts";

/**
 * Why something was refused, as the end of a sentence. `facts` are the refusal's own, as kept in the change log;
 * missing ones are replaced by general words. The kind of an unknown refusal is returned as it is.
 */
export function reasonOf(refusal: string, facts: unknown): string {
  const known = Object.entries(reasons).find(([kind]) => kind === refusal);
  if (refusal === "") return "no reason was recorded";
  return known === undefined ? refusal : known[1]((key) => factIn(facts, key));
}

type Fact = (key: string) => string | undefined;

const reasons: Readonly<Record<RuleError["kind"], (fact: Fact) => string>> = {
  userNameNotEmail: (fact) => `${fact("userName") ?? "the userName"} is not an email address`,
  userNameTaken: (fact) =>
    `${fact("userName") ?? "the userName"} ${fact("inactiveId") === undefined ? "is in use already" : "belongs to a member who is inactive"}`,
  externalIdTaken: (fact) =>
    `the external id ${fact("externalId") ?? ""} belongs to ${fact("inactiveId") === undefined ? "another member" : "a member who is inactive"}`.replace(
      "  ",
      " ",
    ),
  emailTaken: (fact) => `${fact("email") ?? "the address"} belongs to another account`,
  domainNotVerified: (fact) => `the organization has not verified ${fact("domain") ?? "the domain"}`,
  domainTaken: (fact) => `${fact("domain") ?? "the domain"} belongs to another organization`,
  domainMalformed: (fact) => `${fact("domain") ?? "the text"} is not a domain name`,
  emailFixedAtFirstContact: () => "the request that links an existing member cannot change their email address",
  lastOwner: (fact) => `${fact("name") ?? "this person"} is the last owner who can sign in`,
  memberNotFound: () => "the organization has no such member",
  membersUnknown: () => "not all of the people are in the organization",
  groupsAsMembers: () => "groups cannot be members of a group",
  memberFiltersTooCostly: () => "the filters would have made too many comparisons",
  guardTripped: (fact) => guardMessage(fact("limit")),
  guardRejected: () => "an owner decided to keep this person",
  heldChangeNotFound: () => "the removal is no longer on hold",
  guardUndecided: (fact) => `held removals wait for a decision (${fact("count") ?? "some"})`,
  roleNotFound: () => "there is no such role",
  roleNameTaken: (fact) =>
    `${fact("name") === undefined ? "there is a role of that name" : `there is a role called ${fact("name")}`} already`,
  roleExternalIdTaken: (fact) =>
    `the external id ${fact("externalId") ?? ""} belongs to another group`.replace("  ", " "),
  roleBuiltIn: (fact) => `${fact("name") ?? "the role"} is built in`,
  roleNotLinked: (fact) => `no owner has linked ${fact("name") ?? "the role"} to the directory`,
  roleMadeByHand: (fact) => `${fact("name") ?? "the role"} was made by an owner`,
  roleManagedByScim: (fact) => `${fact("name") ?? "the role"} is managed by the directory`,
  roleIsDefault: (fact) => `${fact("name") ?? "the role"} is the default role`,
  onlyRole: (fact) => `${fact("name") ?? "the role"} is this person’s only role`,
  undoOver: (fact) => `${fact("name") ?? "the role"} was changed again, or too long ago to undo`,
  roleMapped: (fact) => `a mapping of the directory’s groups gives ${fact("name") ?? "the role"}`,
  roleIsMappingTarget: (fact) => `a mapping of the directory’s groups gives ${fact("name") ?? "the role"}`,
  mappingGroupUnfit: (fact) => `${fact("name") ?? "the role"} is no group of the directory`,
  mappingTargetUnfit: (fact) => `a mapping cannot give ${fact("name") ?? "the role"}`,
  mappingGroupTwice: (fact) => `${fact("name") ?? "a group"} was mapped twice`,
  mappingsMoved: () => "the mappings had been changed in the meantime",
  defaultRoleRequired: () => "no default role is chosen",
  ownerRoleUnconfirmed: (fact) => `no one confirmed ${fact("name") ?? "an owners’ role"} as the default role`,
  ssoUnacknowledged: () => "no single sign-on is set up and no one confirmed that it will follow",
  provisioningOff: () => "provisioning is off",
  setupNotBegun: () => "no identity provider was chosen yet",
  setupNotConnected: () => "the identity provider had not connected yet",
  provisioningAlreadyOn: () => "provisioning was on already",
  peopleJobRunning: () => "people were still being processed",
  tokenNotFound: () => "there is no such token",
  tokenLimitReached: (fact) => `at most ${fact("limit") ?? "five"} tokens can be active at a time`,
  lastTokenUnconfirmed: () =>
    "no other token stays active, and no one confirmed that the identity provider loses access",
  tokenNotActive: () => "the token had ended already",
  memberLocked: () => "account locks are on for this person",
  selfRemoval: () => "you cannot remove yourself",
  onlyDirectoryRemoves: (fact) => `only the identity provider may remove ${fact("name") ?? "managed people"}`,
  onlyDirectoryReactivates: (fact) =>
    `only the identity provider may reactivate ${fact("name") ?? "managed people"} while it manages them`,
  reactivationOver: (fact) => `the access of ${fact("name") ?? "the person"} was changed again since`,
  confirmationWrong: () => "it was not confirmed by typing the words",
  ownerRemovalUnconfirmed: (fact) =>
    `it was not confirmed that owners are removed as well (${fact("count") ?? ""})`.replace(" ()", ""),
  permissionUnknown: (fact) => `there is no permission ${fact("permission") ?? "of that name"}`,
  domainNotFound: (fact) => `${fact("domain") ?? "the domain"} is not on the list`,
  domainPublic: (fact) => `anyone can have an address at ${fact("domain") ?? "the domain"}`,
  domainLimitReached: (fact) => `at most ${fact("limit") ?? "a hundred"} domains can be on the list`,
  domainUnproven: (fact) => fact("problem") ?? "the DNS does not hold the record",
  accessEnded: () => "no membership gives access any more",
  signInWrong: () => "email or password was wrong",
  passwordWrong: () => "the password was wrong",
  passwordWeak: (fact) => fact("problem") ?? "the password was too weak",
  twoFactorRequired: () => "a second factor is needed",
  twoFactorWrong: () => "the code was wrong",
  twoFactorAlreadyOn: () => "two-factor sign-in was on already",
  twoFactorOff: () => "two-factor sign-in is off",
  linkEnded: () => "the link no longer works",
  challengeNotFound: () => "there is no such change under way",
  challengeLimitReached: (fact) => `at most ${fact("limit") ?? "a few"} changes can be under way at a time`,
  mailLimitReached: (fact) =>
    `at most ${fact("limit") ?? "a few"} such emails can be sent in ${fact("hours") ?? "some"} h`,
  emailMalformed: (fact) => `${fact("email") ?? "the text"} is not an email address`,
  emailUnchanged: () => "this is already the current address",
  invitationNotFound: () => "there is no such invitation",
  invitationNotOpen: () => "the invitation has ended",
  invitationPending: (fact) => `${fact("email") ?? "this person"} is invited already`,
  invitationForOther: () => "the invitation is for another address",
  memberAlready: (fact) => `${fact("email") ?? "this person"} is a member already`,
  ssoNotConfigured: () => "no single sign-on is set up",
  ssoMetadataInvalid: (fact) => fact("problem") ?? "the metadata could not be read",
  ssoResponseRefused: (fact) => fact("problem") ?? "the identity provider’s response was not accepted",
  ownersWithoutPassword: () => "no owner has a password to sign in with without it",
  ssoRequired: () => "single sign-on is required",
  accountUnproven: () => "single sign-on of one organization does not allow changes to the account",
  entryUnproven: (fact) =>
    `this sign-in does not meet the sign-in requirements of ${fact("organization") ?? "the organization"}`,
  proofTooOld: () => "the person must sign in again",
  ssoExemptionNeedless: (fact) => `${fact("name") ?? "this person"} is an owner and may always use a password`,
};

function guardMessage(limit: string | undefined): string {
  const most = limit === undefined ? "too many" : `more than ${limit}`;
  return `mass-removal protection holds it, as ${most} people would lose access or a role within 15 minutes`;
}

function factIn(facts: unknown, key: string): string | undefined {
  if (typeof facts !== "object" || facts === null) return undefined;
  const value: unknown = Object.entries(facts).find(([name]) => name === key)?.[1];
  const text = typeof value === "string" || typeof value === "number" ? nameInSentence(String(value)) : "";
  return text === "" ? undefined : text;
}
