import {
  askOwners,
  lockAdvice,
  lockReasonWords,
  type LockedAction,
  type Refusal,
  type RuleError,
} from "@rollcall/domain";
import { badRequest, conflict, notFound, unmet, type Answer } from "./answer.ts";

const directoryKinds = [
  "memberLocked",
  "selfRemoval",
  "onlyDirectoryRemoves",
  "ownerRemovalUnconfirmed",
  "confirmationWrong",
  "permissionUnknown",
  "domainNotFound",
  "domainPublic",
  "domainLimitReached",
  "domainUnproven",
] as const satisfies RuleError["kind"][];
const signInKinds = [
  "signInWrong",
  "accessEnded",
  "passwordWrong",
  "passwordWeak",
  "twoFactorRequired",
  "twoFactorWrong",
  "twoFactorAlreadyOn",
  "twoFactorOff",
] as const satisfies RuleError["kind"][];
const linkKinds = [
  "linkEnded",
  "challengeNotFound",
  "challengeLimitReached",
  "mailLimitReached",
  "emailMalformed",
  "emailUnchanged",
  "invitationNotFound",
  "invitationNotOpen",
  "invitationPending",
  "invitationForOther",
  "memberAlready",
] as const satisfies RuleError["kind"][];
const ssoKinds = [
  "ssoNotConfigured",
  "ssoMetadataInvalid",
  "ssoResponseRefused",
  "ssoRequired",
  "entryUnproven",
  "proofTooOld",
  "accountUnproven",
  "ssoExemptionNeedless",
] as const satisfies RuleError["kind"][];

type AboutDirectory = Refusal<(typeof directoryKinds)[number]>;
type AboutSignIn = Refusal<(typeof signInKinds)[number]>;
type AboutLink = Refusal<(typeof linkKinds)[number]>;
type AboutSso = Refusal<(typeof ssoKinds)[number]>;
type AboutAccount = AboutDirectory | AboutSignIn | AboutLink | AboutSso;

const accountKinds: readonly RuleError["kind"][] = [...directoryKinds, ...signInKinds, ...linkKinds, ...ssoKinds];

export function isAboutAccount(refusal: RuleError): refusal is AboutAccount {
  return accountKinds.includes(refusal.kind);
}

/** What people meet with their own account, invitations, domains and single sign-on. No default branch, on purpose. */
export function aboutAccount(refusal: AboutAccount): Answer {
  switch (refusal.kind) {
    case "memberLocked":
    case "selfRemoval":
    case "onlyDirectoryRemoves":
    case "ownerRemovalUnconfirmed":
    case "confirmationWrong":
      return aboutMembership(refusal);
    case "permissionUnknown":
      return badRequest(`There is no permission “${refusal.permission}”.`);
    case "domainNotFound":
      return notFound(`${refusal.domain} is not among your organization’s domains.`);
    case "domainPublic":
      return badRequest(`Everybody can have an address at ${refusal.domain}, so no organization can verify it.`);
    case "domainLimitReached":
      return unmet(`At most ${refusal.limit} domains can be on the list. Remove one first.`);
    case "domainUnproven":
      return unmet(refusal.problem);
    case "accessEnded":
    case "signInWrong":
    case "passwordWrong":
    case "passwordWeak":
    case "twoFactorRequired":
    case "twoFactorWrong":
    case "twoFactorAlreadyOn":
    case "twoFactorOff":
      return aboutSignIn(refusal);
    case "ssoNotConfigured":
    case "ssoMetadataInvalid":
    case "ssoResponseRefused":
    case "ssoRequired":
    case "entryUnproven":
    case "proofTooOld":
    case "accountUnproven":
    case "ssoExemptionNeedless":
      return aboutSso(refusal);
    case "linkEnded":
    case "challengeNotFound":
    case "challengeLimitReached":
    case "mailLimitReached":
    case "emailMalformed":
    case "emailUnchanged":
    case "invitationNotFound":
    case "invitationNotOpen":
    case "invitationPending":
    case "invitationForOther":
    case "memberAlready":
      return aboutLink(refusal);
  }
}

type MembershipRefusal = Refusal<
  "memberLocked" | "selfRemoval" | "onlyDirectoryRemoves" | "ownerRemovalUnconfirmed" | "confirmationWrong"
>;

function aboutMembership(refusal: MembershipRefusal): Answer {
  switch (refusal.kind) {
    case "memberLocked":
      return { code: "FORBIDDEN", message: lockSentence(refusal) };
    case "selfRemoval":
      return unmet("You cannot remove yourself. Leave the organization instead, or ask another owner.");
    case "onlyDirectoryRemoves":
      return unmet(`${refusal.name} can be removed only in the identity provider, as the owners have decided.`);
    case "ownerRemovalUnconfirmed":
      return unmet(`Owners are among them (${refusal.count}). Confirm that they are to be removed as well.`);
    case "confirmationWrong":
      return badRequest(`Type “${refusal.expected}” to confirm.`);
  }
}

const actionWords = {
  leave: "You cannot leave on your own",
  changeEmail: "You cannot change your e-mail address here",
  changePassword: "You cannot change your password here",
} as const satisfies Record<LockedAction, string>;

/** What is locked, why, and whom to ask. */
function lockSentence({ action, holders, owners }: Refusal<"memberLocked">): string {
  return `${actionWords[action]}. ${lockReasonWords(holders)} ${lockAdvice({ holders, owners })}`;
}

function aboutSignIn(refusal: AboutSignIn): Answer {
  switch (refusal.kind) {
    case "accessEnded":
      return { code: "FORBIDDEN", message: accessEndedSentence(refusal) };
    case "signInWrong":
      return { code: "UNAUTHORIZED", message: "E-mail or password is wrong." };
    case "passwordWrong":
      return badRequest("This is not your current password.");
    case "passwordWeak":
      return badRequest(refusal.problem);
    case "twoFactorRequired":
      return { code: "UNAUTHORIZED", message: "Enter the code of your authenticator app." };
    case "twoFactorWrong":
      return { code: "UNAUTHORIZED", message: "This code is not right, or it has been used already." };
    case "twoFactorAlreadyOn":
      return conflict("Two-factor sign-in is on already.");
    case "twoFactorOff":
      return unmet("Two-factor sign-in is off.");
  }
}

function accessEndedSentence({ organizations, owners }: Refusal<"accessEnded">): string {
  if (organizations.length === 0) {
    return "You are no longer a member of any organization. Ask an owner of yours for an invitation.";
  }
  return `Your access to ${organizations.join(" and ")} was deactivated. ${askOwners(owners)}`;
}

function aboutLink(refusal: AboutLink): Answer {
  switch (refusal.kind) {
    case "linkEnded":
      return notFound("This link no longer works. It may have been used, withdrawn or be too old.");
    case "challengeNotFound":
      return notFound("There is no such change under way.");
    case "challengeLimitReached":
      return unmet(`At most ${refusal.limit} changes can be under way at a time. Withdraw one first.`);
    case "mailLimitReached":
      return { code: "TOO_MANY_REQUESTS", message: mailLimitSentence(refusal) };
    case "emailMalformed":
      return badRequest(`“${refusal.email}” is not an e-mail address.`);
    case "emailUnchanged":
      return badRequest(`${refusal.email} is your address already.`);
    case "invitationNotFound":
      return notFound("There is no such invitation in your organization.");
    case "invitationNotOpen":
      return unmet(`The invitation of ${refusal.email} has ended.`);
    case "invitationPending":
      return conflict(`${refusal.email} is invited already. Send that invitation again instead.`);
    case "invitationForOther":
      return { code: "FORBIDDEN", message: `This invitation is for ${refusal.email}. Sign in with that address.` };
    case "memberAlready":
      return conflict(`${refusal.email} is a member of this organization already.`);
  }
}

function mailLimitSentence({ scope, email, limit, hours }: Refusal<"mailLimitReached">): string {
  const period = hours === 1 ? "hour" : `${hours} hours`;
  switch (scope) {
    case "recipient":
    case "recipientInOrganization":
    case "recipientOfCause":
      return `${email} has been sent ${limit} of these emails in the last ${period}. Wait, then try again.`;
    case "cause":
      return `You have sent ${limit} of these emails in the last ${period}. Wait, then try again.`;
    case "organization":
      return `Your organization has sent ${limit} of these emails in the last ${period}. Wait, then try again.`;
  }
}

function aboutSso(refusal: AboutSso): Answer {
  switch (refusal.kind) {
    case "ssoNotConfigured":
      return unmet("No single sign-on is set up in this organization.");
    case "ssoMetadataInvalid":
      return badRequest(refusal.problem);
    case "ssoResponseRefused":
      return { code: "UNAUTHORIZED", message: refusal.problem };
    case "ssoRequired":
      return { code: "FORBIDDEN", message: `${refusal.organization} requires single sign-on. Sign in with it.` };
    case "accountUnproven":
      return {
        code: "FORBIDDEN",
        message:
          "You signed in by your organization’s single sign-on, which does not speak for your whole account. Sign in with your password to do this.",
      };
    case "entryUnproven":
      return { code: "FORBIDDEN", message: `Confirm that it’s you to open ${refusal.organization}.` };
    case "proofTooOld":
      return { code: "FORBIDDEN", message: "Confirm that it’s you before you change this." };
    case "ssoExemptionNeedless":
      return unmet(`${refusal.name} is an owner and may always sign in with a password.`);
  }
}
