import { reasonOf } from "../messages/refusal-messages.ts";
import type { RuleError } from "../rule-error.ts";
import { withFullStop } from "../messages/sentence.ts";
import type { AccessProblem } from "./access-problem.ts";

/** Why a call did not get what it wanted, and what its reader can do about it: two plain sentences. */
export type CallAdvice = { readonly why: string; readonly next: string };

/** What is known of a call's outcome. `refusal` is the rule's kind or an access problem; `facts` are the refusal's own. */
type Outcome = {
  readonly status: number;
  readonly scimType: string | null;
  readonly refusal: string | null;
  readonly facts?: unknown;
};

/** Says it for every call that was refused or failed; undefined where nothing is wrong. */
export function adviceFor({ status, scimType, refusal, facts }: Outcome): CallAdvice | undefined {
  if (status < 400) return undefined;
  const next = refusal === null ? undefined : nextSteps.get(refusal);
  if (refusal !== null && next !== undefined) return { why: whyOf(refusal, facts), next };
  return (
    adviceByScimType.get(scimType ?? "") ?? adviceByStatus.get(status) ?? (status >= 500 ? fault : refusedOtherwise)
  );
}

function whyOf(refusal: string, facts: unknown): string {
  const problem = accessWords.get(refusal);
  return problem === undefined ? withFullStop(`Refused: ${reasonOf(refusal, facts)}`) : `Not let in: ${problem}.`;
}

const accessWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    tokenUnknown: "nobody has this token",
    tokenExpired: "the token has expired",
    tokenRevoked: "the token was revoked",
    tokenSecretWrong: "the token begins like this one, but its secret is wrong",
    tokenMalformed: "what was sent begins like this token, but is cut off or altered",
  } satisfies Record<AccessProblem, string>),
);

/** Complete by its type: a new rule does not compile until somebody has written down what to do about it. */
const nextStepByRefusal: Readonly<Record<RuleError["kind"] | AccessProblem, string>> = {
  userNameNotEmail: "Map the provider's user name to the person's e-mail address.",
  userNameTaken:
    "Look for the person under Members. If the provider should take them over, it has to look them up first; if they are two people, give one of them another user name in the provider.",
  externalIdTaken:
    "Look for who has this external id under Members. The provider has probably linked one of its people to two; mend that there and push again.",
  emailTaken:
    "Another account has this address. Give the person another one in the provider, or ask the other account's owner to change theirs.",
  domainNotVerified: "Prove the domain under Settings > Domains, then let the provider push again.",
  domainTaken: "Another organization has proven the domain. Ask the operator of Rollcall if it should be yours.",
  domainMalformed: "Enter the domain alone, such as acme.example.",
  emailFixedAtFirstContact:
    "Let the provider link the person under the address they have here first, and change the address afterwards.",
  lastOwner: "Make somebody else an owner under Roles first, then push again.",
  memberNotFound:
    "The provider knows a person who is not here. In the provider, unassign and assign them again, so that it looks them up anew.",
  membersUnknown:
    "Let the provider push the people before the group: assign them to the application, then push the group again.",
  groupsAsMembers: "Let the provider push the people of the inner groups as members, without the groups themselves.",
  memberFiltersTooCostly:
    'Let the provider name members by their ids, as in members[value eq "…"], or send fewer filters in one request.',
  guardTripped:
    "Decide under Settings > Provisioning > Mass-removal protection. If the removals were not intended, first check in the provider who was unassigned.",
  guardRejected:
    "An owner decided to keep this person. To let the removal pass, end that decision under Settings > Provisioning > Mass-removal protection, then push again.",
  heldChangeNotFound: "Reload the held changes under Settings > Provisioning > Mass-removal protection.",
  guardUndecided: "Decide the held changes under Settings > Provisioning > Mass-removal protection first.",
  roleNotFound: "The provider knows a group that is not here. Unlink it in the provider and push it again.",
  roleNameTaken: "Push the group under another name, or link the existing role to the directory under Roles.",
  roleExternalIdTaken:
    "The provider has linked two of its groups to one external id, or pushes a group again that is here. Unlink one of them in the provider and push again.",
  roleBuiltIn: "Leave this role out of the provider's groups, or map another group to it under Roles.",
  roleNotLinked:
    "If the provider should decide who has the role, allow it here or on the role’s page. Its next push then succeeds.",
  roleMadeByHand: "Delete the role under Roles, if it should go; the provider cannot.",
  roleManagedByScim: "Change the group in the provider.",
  roleIsDefault: "Choose another default role under Settings > Provisioning first.",
  mappingGroupUnfit: "Choose a group that the provider has pushed.",
  mappingTargetUnfit: "Choose a role that was made here by hand.",
  mappingGroupTwice: "Map each group once.",
  mappingsMoved: "Look at the mappings as they are now, then save again.",
  roleIsMappingTarget: "End the mappings that give this role first, under Roles.",
  undoOver: "Reload the page, and give or take the role there.",
  roleMapped: "End the mapping of the group first, or take the person out of the group.",
  onlyRole: "Give the person another role first.",
  defaultRoleRequired: "Choose a default role under Settings > Provisioning.",
  ownerRoleUnconfirmed: "Confirm that everybody new becomes an owner, or choose another default role.",
  ssoUnacknowledged: "Set single sign-on up under Settings > Single sign-on, or confirm that it will follow.",
  provisioningOff: "Turn provisioning on under Settings > Provisioning, and give the provider a new token.",
  setupNotBegun: "Choose the identity provider in the set-up first.",
  setupNotConnected: "Let the provider test the connection first.",
  ownerRemovalUnconfirmed: "Confirm that owners are among the people who would be removed.",
  provisioningAlreadyOn: "Nothing is to be done.",
  tokenNotFound: "Reload the list of tokens.",
  tokenLimitReached: "Revoke a token that is not in use, then generate the new one.",
  lastTokenUnconfirmed: "Generate or rotate a token first, or confirm that your identity provider is to be refused.",
  tokenNotActive: "Generate a new token under Settings > Provisioning.",
  memberLocked: "Change it in the identity provider, or exempt the person from the locks.",
  selfRemoval: "Ask another owner.",
  onlyDirectoryRemoves: "Remove the person in the identity provider.",
  onlyDirectoryReactivates: "Assign or reactivate the person in the identity provider.",
  reactivationOver: "Look at the person’s page: their access was changed again.",
  confirmationWrong: "Type the name exactly as it is shown.",
  permissionUnknown: "Reload the page and choose from the permissions that are offered.",
  domainNotFound: "Add the domain under Settings > Domains.",
  domainPublic: "Use a domain that is your organization's alone.",
  domainLimitReached: "Remove a domain that is not in use.",
  domainUnproven: "Set the DNS record as shown under Settings > Domains, then check again.",
  accessEnded: "Ask an owner to reactivate the membership.",
  signInWrong: "Check the address and the password, or reset the password.",
  passwordWrong: "Enter the password that is used now.",
  passwordWeak: "Choose a longer password.",
  twoFactorRequired: "Enter the code of the authenticator app.",
  twoFactorWrong: "Enter the code that the app shows now, or a recovery code.",
  twoFactorAlreadyOn: "Nothing is to be done.",
  twoFactorOff: "Set two-factor sign-in up first.",
  linkEnded: "Ask for a new link.",
  challengeNotFound: "Start the change again.",
  challengeLimitReached: "Withdraw a change that is under way.",
  mailLimitReached: "Wait, then send it again.",
  emailMalformed: "Enter a whole address, such as pam@acme.example.",
  emailUnchanged: "Nothing is to be done.",
  invitationNotFound: "Send a new invitation.",
  invitationNotOpen: "Send a new invitation.",
  invitationPending: "Send the open invitation again.",
  invitationForOther: "Sign in with the address that was invited.",
  memberAlready: "Nothing is to be done.",
  ssoNotConfigured: "Set single sign-on up under Settings > Single sign-on.",
  ssoMetadataInvalid: "Copy the metadata from the identity provider again.",
  ssoResponseRefused: "Check the settings of the application in the identity provider.",
  ssoRequired: "Sign in by single sign-on.",
  accountUnproven: "Sign in with the account's own password.",
  entryUnproven: "Enter the password, and the code of the second factor where it is on.",
  proofTooOld: "Confirm that it is you, then try again.",
  ssoExemptionNeedless: "Nothing is to be done.",
  tokenUnknown: "Generate a new token under Settings > Provisioning and paste it into the provider.",
  tokenExpired: "Generate a new token under Settings > Provisioning and paste it into the provider.",
  tokenRevoked:
    "If the provider should go on, generate a new token under Settings > Provisioning and paste it there. If nobody should use this one, find out who still does.",
  tokenSecretWrong:
    "Generate a new token, paste it whole and revoke this one. If you do not know the address that the call came from, somebody may be guessing; without the secret they get nowhere.",
  tokenMalformed:
    "Copy the whole token again, with 54 characters, or generate a new one under Settings > Provisioning.",
};
const nextSteps: ReadonlyMap<string, string> = new Map(Object.entries(nextStepByRefusal));

/** The provider sent something that SCIM or Rollcall does not take. RFC 7644 section 3.12, table 9. */
const adviceByScimType: ReadonlyMap<string, CallAdvice> = new Map(
  Object.entries({
    invalidFilter: {
      why: "The search in the address cannot be read.",
      next: "Check in the provider by which attribute it looks people up: userName, externalId and e-mail work.",
    },
    invalidPath: {
      why: "A change names an attribute in a way that cannot be read.",
      next: "Check the provider's attribute mappings for the one that is named in the answer.",
    },
    invalidSyntax: {
      why: "The body cannot be read as SCIM.",
      next: "Compare the body with what the answer says. If a provider sends this by itself, tell the operator of Rollcall.",
    },
    invalidValue: {
      why: "A value is missing or of the wrong kind.",
      next: "Check the provider's attribute mappings for the one that is named in the answer.",
    },
    noTarget: {
      why: "A change is meant for something that is not there.",
      next: "Let the provider push the whole person or group again.",
    },
    mutability: {
      why: "A change is meant for something that nobody can change.",
      next: "Take the attribute that is named in the answer out of the provider's mappings.",
    },
    tooMany: { why: "The answer would be too long.", next: "Let the provider ask in pages." },
    uniqueness: {
      why: "Somebody or something else has this value.",
      next: "Look for it under Members or Roles, and change it there or in the provider.",
    },
  }),
);

const adviceByStatus: ReadonlyMap<number, CallAdvice> = new Map([
  [401, { why: "The token was not accepted.", next: "Generate a new token and paste it into the provider." }],
  [404, { why: "There is nothing at this address.", next: "Check the base URL in the provider: it ends in /scim_v2." }],
  [
    405,
    { why: "The address does not take this method.", next: "Check the base URL in the provider: it ends in /scim_v2." },
  ],
  [409, { why: "It collides with something that is here.", next: "Read the answer: it says with what." }],
  [
    412,
    {
      why: "It was changed by somebody else in the meantime.",
      next: "Nothing: the provider reads it again and tries again.",
    },
  ],
  [413, { why: "The body is too large.", next: "Let the provider send fewer people at a time." }],
  [415, { why: "The body is not announced as JSON.", next: "Set the content type to application/scim+json." }],
  [
    429,
    {
      why: "There were too many calls in one second.",
      next: "Nothing, if it is rare: the provider waits and tries again.",
    },
  ],
  [
    503,
    {
      why: "Rollcall was temporarily unavailable.",
      next: "Nothing, if it is rare: the provider tries again by itself. If it goes on, tell the operator of Rollcall.",
    },
  ],
]);

const refusedOtherwise: CallAdvice = {
  why: "The call was refused.",
  next: "Read the answer: it says why, in words for the provider's administrator.",
};
const fault: CallAdvice = {
  why: "This is a fault of Rollcall, not of the provider.",
  next: "The provider tries again by itself. If it goes on, give the operator of Rollcall the request id.",
};
