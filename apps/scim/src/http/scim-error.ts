import type { AddRefusal, ChangeRefusal, RoleRefusal } from "@rollcall/db";
import type { ScimRefusalKind } from "@rollcall/domain";
import { badRequest, type ScimError } from "@rollcall/scim-protocol";

const namesMax = 10;
const idLengthMax = 100;

/**
 * A SCIM error with the seconds after which the same request may succeed, the allowed methods, and the refused rule for
 * the request log.
 */
export type ErrorResponse = ScimError & {
  readonly retryAfterS?: number;
  readonly allow?: string;
  readonly rule?: ScimRefusalKind;
};

type ScimRefusal = AddRefusal | ChangeRefusal | RoleRefusal;
type RefusalByKind = { readonly [K in ScimRefusal["kind"]]: Extract<ScimRefusal, { readonly kind: K }> };

/**
 * The error for every refusal of a SCIM request, worded for the administrator of an identity provider. A new kind does not
 * compile without an entry. RFC 7644, sections 3.3 and 3.12; no scimType of the RFC covers a policy.
 */
const errors: { readonly [K in keyof RefusalByKind]: (refusal: RefusalByKind[K]) => ErrorResponse } = {
  userNameNotEmail: ({ userName }) =>
    invalidValue(`userName must be the person's email address; "${userName}" is not an email address.`),
  userNameTaken: ({ userName, inactiveId }) =>
    taken(takenDetail(`userName ${userName}`, "is already in use", inactiveId)),
  externalIdTaken: ({ externalId, inactiveId }) =>
    taken(takenDetail(`externalId ${externalId}`, "already belongs to another person", inactiveId)),
  emailTaken: ({ email }) => taken(`${email} already belongs to another account.`),
  domainNotVerified: ({ domain }) =>
    forbidden(
      `The organization has not verified the domain ${domain ?? "of the account's present address"}, so email addresses cannot be moved from or to it. An owner can verify it in Rollcall; nothing was changed.`,
    ),
  emailFixedAtFirstContact: ({ userName }) =>
    forbidden(
      `This person was in the organization before and is still ${userName}: link them under that userName first, then change it. Nothing was changed.`,
    ),
  lastOwner: ({ name }) =>
    conflict(
      `${name} is the last Account Owner who can sign in. Make another member an owner in Rollcall first; one without a password needs single sign-on.`,
    ),
  guardTripped: ({ limit, retryAfterS }) => ({
    status: 429,
    detail: `Removals are on hold: more than ${limit} people would lose access or a role within 15 minutes. An owner must decide in Rollcall under Provisioning > Mass-removal protection. Nothing was changed; retry later.`,
    retryAfterS,
  }),
  guardRejected: ({ names }) =>
    forbidden(
      `An owner decided to keep ${list(names)}. Nothing was changed. The decision can be ended in Rollcall under Provisioning > Mass-removal protection.`,
    ),
  memberNotFound: ({ memberId }) =>
    notFound(`There is no user with the id ${shortened(memberId)} in this organization.`),
  membersUnknown: ({ memberIds }) =>
    invalidValue(
      `There is no user with ${memberIds.length === 1 ? "the id" : "any of the ids"} ${list(memberIds)} in this organization; nothing was changed.`,
    ),
  groupsAsMembers: ({ groupIds }) =>
    invalidValue(
      `Groups cannot be members of a group: ${list(groupIds)}. Push the people of the inner groups as members; nothing was changed.`,
    ),
  memberFiltersTooCostly: ({ terms, members, limit }) =>
    badRequest(
      "tooMany",
      `The filters have ${terms} comparisons and the group has ${members} members; Rollcall makes at most ${limit} comparisons in one request. Name members by their ids, or send fewer filters at once; nothing was changed.`,
    ),
  roleNotFound: ({ roleId }) => notFound(`There is no group with the id ${shortened(roleId)} in this organization.`),
  roleNameTaken: ({ name }) =>
    taken(
      `A role with this displayName exists already${name === "" ? "" : ` (${name})`}. Push the group under another name, or let an owner link the existing role in Rollcall under Roles.`,
    ),
  roleExternalIdTaken: ({ externalId }) =>
    taken(`externalId ${externalId} already belongs to another group in this organization.`),
  roleBuiltIn: ({ name }) => conflict(`${name} is built into Rollcall and cannot be renamed or deleted.`),
  roleNotLinked: ({ name }) =>
    conflict(
      `The role ${name} was made in Rollcall and is managed there. An owner can link it to the directory in Rollcall under Roles; nothing was changed.`,
    ),
  roleMadeByHand: ({ name }) =>
    conflict(`The role ${name} was made in Rollcall and can be deleted only there; nothing was changed.`),
  roleIsDefault: ({ name }) =>
    conflict(`${name} is the organization's default role. An owner must choose another default role first.`),
};

export function toScimError(refusal: ScimRefusal): ErrorResponse {
  return { ...errorFor(refusal.kind, refusal), rule: refusal.kind };
}

function errorFor<K extends keyof RefusalByKind>(kind: K, refusal: RefusalByKind[K]): ErrorResponse {
  return errors[kind](refusal);
}

/** `inactiveId`: the inactive member with that value. */
function takenDetail(what: string, problem: string, inactiveId: string | undefined): string {
  return inactiveId === undefined
    ? `${what} ${problem} in this organization.`
    : `The person with the ${what} is here and inactive: update it by PUT or PATCH of /Users/${inactiveId}. Nothing was created.`;
}

function list(ids: readonly string[]): string {
  const shown = ids.slice(0, namesMax).join(", ");
  return ids.length > namesMax ? `${shown} and ${ids.length - namesMax} more` : shown;
}

/** An id from the address, which can be of any length. */
export function shortened(id: string): string {
  return id.length > idLengthMax ? `${id.slice(0, idLengthMax).toWellFormed()}…` : id;
}

function notFound(detail: string): ScimError {
  return { status: 404, detail };
}

function invalidValue(detail: string): ScimError {
  return { status: 400, scimType: "invalidValue", detail };
}

function taken(detail: string): ScimError {
  return { status: 409, scimType: "uniqueness", detail };
}

function conflict(detail: string): ScimError {
  return { status: 409, detail };
}

function forbidden(detail: string): ScimError {
  return { status: 403, detail };
}
