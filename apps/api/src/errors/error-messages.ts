import {
  askOwners,
  formatCount,
  lockAdvice,
  lockReasonMessage,
  type LockedAction,
  type Refusal,
  type RuleError,
} from "@rollcall/domain";
import type { TRPCError } from "@trpc/server";

type ErrorMessage = { readonly code: TRPCError["code"]; readonly message: string };
type RuleKind = RuleError["kind"];
type RefusalByKind = { readonly [K in RuleKind]: Refusal<K> };

/** The error code and the sentence on the screen for each kind of refusal. A new kind does not compile without an entry. */
const errorMessages: { readonly [K in RuleKind]: (refusal: RefusalByKind[K]) => ErrorMessage } = {
  userNameNotEmail: ({ userName }) => badRequest(`“${userName}” is not an email address.`),
  userNameTaken: ({ userName }) => conflict(`The username ${userName} is already in use in this organization.`),
  externalIdTaken: ({ externalId }) =>
    conflict(`The external id ${externalId} already belongs to another member of this organization.`),
  emailTaken: ({ email }) => conflict(`${email} belongs to another account.`),
  domainNotVerified: ({ domain }) =>
    preconditionFailed(`Your organization has not verified ${domain ?? "the domain"}.`),
  domainTaken: ({ domain }) => conflict(`${domain} belongs to another organization.`),
  domainMalformed: ({ domain }) => badRequest(`“${domain}” is not a domain name.`),
  emailFixedAtFirstContact: ({ userName }) =>
    preconditionFailed(`${userName} must be linked to the directory before the address can change.`),
  lastOwner: ({ name }) =>
    preconditionFailed(
      `${name} is the last owner who can sign in. Make another member an owner first; one without a password needs single sign-on.`,
    ),
  memberNotFound: () => notFound("This person is not in your organization."),
  membersUnknown: () => notFound("Not all of these people are in your organization."),
  groupsAsMembers: () => badRequest("Groups cannot be members of a group."),
  memberFiltersTooCostly: ({ limit }) =>
    badRequest(`The filters would make more than ${limit} comparisons. Name people by their ids.`),
  onlyDirectoryReactivates: ({ name }) =>
    preconditionFailed(
      `The directory manages ${name}. Reactivate or assign them in your identity provider; nothing was changed.`,
    ),
  reactivationOver: ({ name }) =>
    preconditionFailed(`The access of ${name} was changed again since, so this cannot be undone any more.`),
  roleNotFound: () => notFound("This role does not exist in your organization."),
  roleNameTaken: ({ name }) => conflict(`There is a role called ${name} already.`),
  roleExternalIdTaken: ({ externalId }) => conflict(`The external id ${externalId} belongs to another group.`),
  roleBuiltIn: ({ name }) => preconditionFailed(`${name} is built in and stays as it is.`),
  roleNotLinked: ({ name }) => preconditionFailed(`${name} is not linked to the directory.`),
  roleMadeByHand: ({ name }) => preconditionFailed(`${name} was made here and can be deleted only here.`),
  roleManagedByScim: ({ name }) =>
    preconditionFailed(`${name} is managed by the directory (SCIM). Change it in your identity provider.`),
  roleIsDefault: ({ name }) => preconditionFailed(`${name} is the default role. Choose another default role first.`),
  onlyRole: ({ name }) => preconditionFailed(`${name} is this person's only role.`),
  undoOver: ({ name }) =>
    preconditionFailed(`It is too late to undo this, or ${name} was changed again. Change it on the person’s page.`),
  defaultRoleRequired: () =>
    preconditionFailed("Choose a default role first: everyone who is created over SCIM gets it."),
  ownerRoleUnconfirmed: ({ name }) =>
    preconditionFailed(
      `Everyone who is created over SCIM would become a member of ${name}. Confirm that you want this.`,
    ),
  roleMapped: ({ name }) =>
    preconditionFailed(`A mapping of a directory group gives ${name}. Change the mapping, or the group.`),
  roleIsMappingTarget: ({ name }) =>
    preconditionFailed(`A mapping gives ${name}. End the mapping before you link the role to the directory.`),
  mappingGroupUnfit: ({ name }) => preconditionFailed(`${name} is not a group of the directory.`),
  mappingTargetUnfit: ({ name }) =>
    preconditionFailed(`A mapping can give only a custom role that was made here, and ${name} is not one.`),
  mappingGroupTwice: ({ name }) => badRequest(`${name} is in the list twice. A group has one mapping.`),
  mappingsMoved: () => conflict("Another owner has changed the mappings in the meantime. Look at their list first."),
  guardTripped: ({ limit }) =>
    tooManyRequests(
      `Mass-removal protection holds this: more than ${limit} people would lose access or a role within 15 minutes.`,
    ),
  guardRejected: ({ names }) => conflict(`An owner decided to keep ${names.join(", ")}. End that decision first.`),
  heldChangeNotFound: () => notFound("These removals are no longer on hold. Another owner may have decided."),
  guardUndecided: ({ count }) =>
    preconditionFailed(`Held removals that wait for a decision: ${count}. Decide on them first.`),
  ssoUnacknowledged: () =>
    preconditionFailed("No single sign-on is set up. Confirm that it will follow, then turn provisioning on."),
  provisioningOff: () => preconditionFailed("Provisioning is off."),
  provisioningAlreadyOn: () => conflict("Provisioning is on already. Another owner may have just turned it on."),
  peopleJobRunning: ({ choice, people, done }) =>
    conflict(
      `${choice === "applyMappings" ? "The mappings have changed" : "Provisioning was turned off"}, and ${done.toLocaleString("en")} of about ${people.toLocaleString("en")} people have been processed since. Try again when this is finished.`,
    ),
  setupNotBegun: () => preconditionFailed("Choose your identity provider first."),
  setupNotConnected: () =>
    preconditionFailed(
      "Your identity provider has not sent a request yet. Finish the setup once its credentials are tested.",
    ),
  permissionUnknown: ({ permission }) => badRequest(`There is no permission “${permission}”.`),
  domainNotFound: ({ domain }) => notFound(`${domain} is not among your organization’s domains.`),
  domainPublic: ({ domain }) =>
    badRequest(`Anyone can have an address at ${domain}, so no organization can verify it.`),
  domainLimitReached: ({ limit }) =>
    preconditionFailed(`At most ${limit} domains can be on the list. Remove one first.`),
  domainUnproven: ({ problem }) => preconditionFailed(problem),
  memberLocked: (refusal) => forbidden(lockMessage(refusal)),
  selfRemoval: () =>
    preconditionFailed("You cannot remove yourself. Leave the organization instead, or ask another owner."),
  onlyDirectoryRemoves: ({ name }) =>
    preconditionFailed(`${name} can be removed only in the identity provider, as the owners have decided.`),
  ownerRemovalUnconfirmed: ({ count }) =>
    preconditionFailed(`${formatCount(count, "owner")} would be removed as well. Confirm this.`),
  confirmationWrong: ({ expected }) => badRequest(`Type “${expected}” to confirm.`),
  accessEnded: (refusal) => forbidden(accessEndedMessage(refusal)),
  signInWrong: () => unauthorized("Email or password is wrong."),
  passwordWrong: () => badRequest("This is not your current password."),
  passwordWeak: ({ problem }) => badRequest(problem),
  twoFactorRequired: () => unauthorized("Enter the code of your authenticator app."),
  twoFactorWrong: () => unauthorized("This code is not right, or it has been used already."),
  twoFactorAlreadyOn: () => conflict("Two-factor sign-in is on already."),
  twoFactorOff: () => preconditionFailed("Two-factor sign-in is off."),
  linkEnded: () => notFound("This link no longer works. It may have been used or withdrawn, or it may have expired."),
  challengeNotFound: () => notFound("There is no such change under way."),
  challengeLimitReached: ({ limit }) =>
    preconditionFailed(`At most ${limit} changes can be under way at a time. Withdraw one first.`),
  mailLimitReached: (refusal) => tooManyRequests(mailLimitMessage(refusal)),
  emailMalformed: ({ email }) => badRequest(`“${email}” is not an email address.`),
  emailUnchanged: ({ email }) => badRequest(`${email} is your address already.`),
  invitationNotFound: () => notFound("There is no such invitation in your organization."),
  invitationNotOpen: ({ email }) => preconditionFailed(`The invitation of ${email} has ended.`),
  invitationPending: ({ email }) => conflict(`${email} is invited already. Send that invitation again instead.`),
  invitationForOther: ({ email }) => forbidden(`This invitation is for ${email}. Sign in with that address.`),
  memberAlready: ({ email }) => conflict(`${email} is a member of this organization already.`),
  ssoNotConfigured: () => preconditionFailed("No single sign-on is set up in this organization."),
  ssoMetadataInvalid: ({ problem }) => badRequest(problem),
  ssoResponseRefused: ({ problem }) => unauthorized(problem),
  ownersWithoutPassword: () =>
    preconditionFailed(
      "No owner has a password, so a wrong identity provider would lock every owner out. First let an owner set one: add their exemption from the account locks under Provisioning, and use “Forgot your password?” on the sign-in page.",
    ),
  ssoRequired: ({ organization }) => forbidden(`${organization} requires single sign-on. Sign in with it.`),
  accountUnproven: () =>
    forbidden(
      "You signed in with your organization’s single sign-on, which does not allow changes to your account. Sign in with your password to do this.",
    ),
  entryUnproven: ({ organization }) => forbidden(`Confirm that it’s you to open ${organization}.`),
  proofTooOld: () => forbidden("Confirm that it’s you before you change this."),
  ssoExemptionNeedless: ({ name }) => preconditionFailed(`${name} is an owner and may always sign in with a password.`),
  tokenNotFound: () => notFound("This token does not exist in your organization."),
  tokenLimitReached: ({ limit }) =>
    preconditionFailed(`At most ${limit} tokens can be active at a time. Revoke one first.`),
  tokenNotActive: ({ name }) =>
    preconditionFailed(`The token ${name} has ended and cannot be rotated. Generate a new one.`),
  lastTokenUnconfirmed: (refusal) => preconditionFailed(lastTokenMessage(refusal)),
};

export function errorMessageOf<K extends RuleKind>(kind: K, refusal: RefusalByKind[K]): ErrorMessage {
  return errorMessages[kind](refusal);
}

function badRequest(message: string): ErrorMessage {
  return { code: "BAD_REQUEST", message };
}

function unauthorized(message: string): ErrorMessage {
  return { code: "UNAUTHORIZED", message };
}

function forbidden(message: string): ErrorMessage {
  return { code: "FORBIDDEN", message };
}

function notFound(message: string): ErrorMessage {
  return { code: "NOT_FOUND", message };
}

function conflict(message: string): ErrorMessage {
  return { code: "CONFLICT", message };
}

function preconditionFailed(message: string): ErrorMessage {
  return { code: "PRECONDITION_FAILED", message };
}

function tooManyRequests(message: string): ErrorMessage {
  return { code: "TOO_MANY_REQUESTS", message };
}

const actionMessages: Readonly<Record<LockedAction, string>> = {
  leave: "You cannot leave on your own",
  changeEmail: "You cannot change your email address here",
  changePassword: "You cannot change your password here",
};

function lockMessage({ action, holders, owners }: Refusal<"memberLocked">): string {
  return `${actionMessages[action]}. ${lockReasonMessage(holders)} ${lockAdvice({ holders, owners })}`;
}

function accessEndedMessage({ organizations, owners }: Refusal<"accessEnded">): string {
  if (organizations.length === 0) {
    return "You are no longer a member of any organization. Ask an owner of yours for an invitation.";
  }
  return `Your access to ${organizations.join(" and ")} was deactivated. ${askOwners(owners)}`;
}

function mailLimitMessage({ scope, email, limit, hours }: Refusal<"mailLimitReached">): string {
  const period = hours === 1 ? "hour" : `${hours} hours`;
  const subjects = {
    recipient: `${email} has been sent`,
    recipientInOrganization: `${email} has been sent`,
    recipientOfCause: `${email} has been sent`,
    cause: "You have sent",
    organization: "Your organization has sent",
  } as const satisfies Record<Refusal<"mailLimitReached">["scope"], string>;
  return `${subjects[scope]} ${limit} of these emails in the last ${period}. Wait, then try again.`;
}

function lastTokenMessage({ name, endsAt }: Refusal<"lastTokenUnconfirmed">): string {
  const when = endsAt === null ? "immediately" : `on ${endsAt.toISOString().slice(0, 10)} (UTC)`;
  return `Without ${name} your identity provider loses access ${when}, as no other token stays active. Confirm that you want this.`;
}
