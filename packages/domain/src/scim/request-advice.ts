import { reasonOf } from "../messages/refusal-messages.ts";
import type { ScimRefusalKind } from "../rule-error.ts";
import { withFullStop } from "../messages/sentence.ts";
import type { AccessProblem } from "./access-problem.ts";

/** Why a request was refused or failed, and what its reader can do: two plain sentences. */
export type RequestAdvice = { readonly why: string; readonly next: string };

/** The outcome of a request. `refusal` is the rule's kind or an access problem; `facts` are the refusal's own. */
type Outcome = {
  readonly status: number;
  readonly scimType: string | null;
  readonly refusal: string | null;
  readonly facts?: unknown;
};

/** Advice for a refused or failed request; undefined if it succeeded. */
export function requestAdvice({ status, scimType, refusal, facts }: Outcome): RequestAdvice | undefined {
  if (status < 400) return undefined;
  const next = refusal === null ? undefined : nextSteps.get(refusal);
  if (refusal !== null && next !== undefined) return { why: whyOf(refusal, facts), next };
  return (
    adviceByScimType.get(scimType ?? "") ?? adviceByStatus.get(status) ?? (status >= 500 ? fault : refusedOtherwise)
  );
}

function whyOf(refusal: string, facts: unknown): string {
  const problem = accessProblemTexts.get(refusal);
  return problem === undefined
    ? withFullStop(`Refused: ${reasonOf(refusal, facts)}`)
    : `Not authenticated: ${problem}.`;
}

const accessProblemTexts: ReadonlyMap<string, string> = new Map(
  Object.entries({
    tokenUnknown: "the token is unknown",
    tokenExpired: "the token has expired",
    tokenRevoked: "the token was revoked",
    tokenSecretWrong: "its secret is wrong",
    tokenMalformed: "the token is cut off or altered",
  } satisfies Record<AccessProblem, string>),
);

/** A complete record, so that a new refusal does not compile without its advice. */
const nextStepByRefusal: Readonly<Record<ScimRefusalKind | AccessProblem, string>> = {
  userNameNotEmail: "Map the provider's user name to the person's email address.",
  userNameTaken:
    "Look for the person under Members. If the provider should manage them, it must look them up first. If they are two people, give one of them another user name in the provider.",
  externalIdTaken:
    "Find the member with this external id under Members. The provider has probably linked one of its people to two; correct that there and push again.",
  emailTaken:
    "Another account has this address. Give the person another one in the provider, or ask the other account's owner to change theirs.",
  domainNotVerified: "Verify the domain under Domains, then let the provider push again.",
  emailFixedAtFirstContact:
    "Let the provider link the person under the address they have here first, and change the address afterwards.",
  lastOwner: "Make another member an owner under Roles first, one who can sign in; then push again.",
  guardTripped:
    "Decide under Provisioning > Mass-removal protection. If the removals were not intended, first check in the provider who was unassigned.",
  guardRejected:
    "An owner decided to keep this person. To allow the removal, end that decision under Provisioning > Mass-removal protection, then push again.",
  memberNotFound:
    "The provider has linked a person who is not a member. In the provider, unassign and assign them again, so that it looks them up anew.",
  membersUnknown:
    "Let the provider push the people before the group: assign them to the application, then push the group again.",
  groupsAsMembers: "Let the provider push the people of the inner groups as members, without the groups themselves.",
  memberFiltersTooCostly:
    'Let the provider name members by their ids, as in members[value eq "…"], or send fewer filters in one request.',
  roleNotFound: "The provider has linked a group that does not exist. Unlink it in the provider and push it again.",
  roleNameTaken: "Push the group under another name, or link the existing role to the directory under Roles.",
  roleExternalIdTaken:
    "The provider has linked two of its groups to one external id, or pushes an existing group again. Unlink one of them in the provider and push again.",
  roleBuiltIn: "Leave this role out of the provider's groups, or map another group to it under Roles.",
  roleNotLinked:
    "If the provider should decide who has the role, allow it here or on the role’s page. Its next push then succeeds.",
  roleMadeByHand: "Delete the role under Roles, if it should go; the provider cannot.",
  roleIsDefault: "Choose another default role under Provisioning first.",
  provisioningOff: "Turn provisioning on under Provisioning, and give the provider a new token.",
  tokenUnknown: "Generate a new token under Provisioning and paste it into the provider.",
  tokenExpired: "Generate a new token under Provisioning and paste it into the provider.",
  tokenRevoked:
    "If the provider should stay connected, generate a new token under Provisioning and paste it there. Otherwise find out which client still uses this one.",
  tokenSecretWrong:
    "Generate a new token, paste it whole and revoke this one. If you do not know the address that the request came from, another client may be trying to sign in; it cannot without the secret.",
  tokenMalformed: "Copy the whole token again, with 54 characters, or generate a new one under Provisioning.",
};
const nextSteps: ReadonlyMap<string, string> = new Map(Object.entries(nextStepByRefusal));

/** The request is not valid in SCIM or in Rollcall. RFC 7644 section 3.12, table 9. */
const adviceByScimType: ReadonlyMap<string, RequestAdvice> = new Map(
  Object.entries({
    invalidFilter: {
      why: "The filter in the address cannot be read.",
      next: "Check in the provider by which attribute it looks people up: userName, externalId and email work.",
    },
    invalidPath: {
      why: "A change names an attribute in a way that cannot be read.",
      next: "Check the provider's attribute mappings for the one named in the response.",
    },
    invalidSyntax: {
      why: "The body cannot be read as SCIM.",
      next: "Compare the body with the response. If a provider sends this unchanged, contact the operator of Rollcall.",
    },
    invalidValue: {
      why: "A value is missing or of the wrong kind.",
      next: "Check the provider's attribute mappings for the one named in the response.",
    },
    noTarget: {
      why: "The target of a change does not exist.",
      next: "Let the provider push the whole person or group again.",
    },
    mutability: {
      why: "The target of a change is read-only.",
      next: "Remove the attribute named in the response from the provider's mappings.",
    },
    tooMany: { why: "The request would take too long.", next: "Read the response: it tells how to ask for less." },
    uniqueness: {
      why: "Another member or role has this value.",
      next: "Look for it under Members or Roles, and change it there or in the provider.",
    },
  }),
);

const adviceByStatus: ReadonlyMap<number, RequestAdvice> = new Map([
  [401, { why: "The token was not accepted.", next: "Generate a new token and paste it into the provider." }],
  [404, { why: "This address does not exist.", next: "Check the base URL in the provider: it ends in /scim_v2." }],
  [
    405,
    {
      why: "The address does not accept this method.",
      next: "Check the base URL in the provider: it ends in /scim_v2.",
    },
  ],
  [409, { why: "It conflicts with an existing resource.", next: "Read the response: it names the resource." }],
  [
    412,
    {
      why: "It was changed in the meantime.",
      next: "No action needed: the provider reads it again and retries.",
    },
  ],
  [413, { why: "The body is too large.", next: "Let the provider send fewer people at a time." }],
  [415, { why: "The content type is not JSON.", next: "Set the content type to application/scim+json." }],
  [
    429,
    {
      why: "There were too many requests at once.",
      next: "No action needed if this is rare: the provider waits and retries.",
    },
  ],
  [
    503,
    {
      why: "Rollcall was temporarily unavailable.",
      next: "No action needed if this is rare: the provider retries. If it continues, contact the operator of Rollcall.",
    },
  ],
]);

const refusedOtherwise: RequestAdvice = {
  why: "The request was refused.",
  next: "Read the response: it gives the reason.",
};
const fault: RequestAdvice = {
  why: "This is an error in Rollcall, not in the provider.",
  next: "The provider retries. If it continues, give the operator of Rollcall the request id.",
};
