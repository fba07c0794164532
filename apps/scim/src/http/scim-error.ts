import type { AddRefusal, ChangeRefusal, RoleRefusal } from "@rollcall/db";
import type { RuleError } from "@rollcall/domain";
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
  readonly rule?: RuleError["kind"];
};

/**
 * The error for every refusal of a SCIM request, worded for the administrator of an identity provider. No default
 * branch: a new kind must not compile without an entry. RFC 7644, sections 3.3 and 3.12; no scimType of the RFC covers
 * a policy.
 */
export function toScimError(refusal: AddRefusal | ChangeRefusal | RoleRefusal): ErrorResponse {
  return { ...errorFor(refusal), rule: refusal.kind };
}

function errorFor(refusal: AddRefusal | ChangeRefusal | RoleRefusal): ErrorResponse {
  switch (refusal.kind) {
    case "userNameNotEmail":
      return invalidValue(`userName must be the person's e-mail address; "${refusal.userName}" is none.`);
    case "userNameTaken":
    case "externalIdTaken":
      return toTakenError(refusal);
    case "emailTaken":
      return taken(`${refusal.email} already belongs to another account.`);
    case "domainNotVerified":
      return forbidden(
        `The organization has not verified the domain ${refusal.domain}, so e-mail addresses cannot be moved from or to it. An owner can verify it in Rollcall; nothing was changed.`,
      );
    case "emailFixedAtFirstContact":
      return forbidden(
        `This person was in the organization before and is still ${refusal.userName}: link them under that userName first, then change it. Nothing was changed.`,
      );
    case "lastOwner":
      return conflict(`${refusal.name} is the last Account Owner. Make somebody else an owner in Rollcall first.`);
    case "guardTripped":
      return {
        status: 429,
        detail: `Removals are on hold: more than ${refusal.limit} people would lose access or a role within 15 minutes. An owner must decide in Rollcall under Settings > Provisioning > Mass-removal protection. Nothing was changed; retry later.`,
        retryAfterS: refusal.retryAfterS,
      };
    case "guardRejected":
      return forbidden(
        `An owner decided to keep ${list(refusal.names)}. Nothing was changed. The decision can be ended in Rollcall under Settings > Provisioning > Mass-removal protection.`,
      );
    case "memberNotFound":
      return {
        status: 404,
        detail: `There is no user with the id ${shortened(refusal.memberId)} in this organization.`,
      };
    case "membersUnknown":
    case "groupsAsMembers":
    case "memberFiltersTooCostly":
    case "roleNotFound":
    case "roleNameTaken":
    case "roleExternalIdTaken":
    case "roleBuiltIn":
    case "roleNotLinked":
    case "roleMadeByHand":
    case "roleIsDefault":
      return toGroupError(refusal);
  }
}

type GroupRefusal = Exclude<RoleRefusal, { readonly kind: "lastOwner" | "guardTripped" | "guardRejected" }>;

function toGroupError(refusal: GroupRefusal): ErrorResponse {
  switch (refusal.kind) {
    case "membersUnknown":
      return invalidValue(
        `There is no user with the id ${list(refusal.memberIds)} in this organization; nothing was changed.`,
      );
    case "groupsAsMembers":
      return invalidValue(
        `Groups cannot be members of a group, and ${list(refusal.groupIds)} is a group. Push the people of the inner groups as members; nothing was changed.`,
      );
    case "memberFiltersTooCostly":
      return badRequest(
        "tooMany",
        `The filters have ${refusal.terms} comparisons and the group has ${refusal.members} members; Rollcall makes at most ${refusal.limit} comparisons in one request. Name members by their ids, or send fewer filters at once; nothing was changed.`,
      );
    case "roleNotFound":
      return {
        status: 404,
        detail: `There is no group with the id ${shortened(refusal.roleId)} in this organization.`,
      };
    case "roleNameTaken":
      return taken(
        `A role with this displayName exists already${refusal.name === "" ? "" : ` (${refusal.name})`}. Push the group under another name, or let an owner link the existing role in Rollcall under Roles.`,
      );
    case "roleExternalIdTaken":
      return taken(`externalId ${refusal.externalId} already belongs to another group in this organization.`);
    case "roleBuiltIn":
      return conflict(`${refusal.name} is built into Rollcall and cannot be renamed or deleted.`);
    case "roleNotLinked":
      return conflict(
        `The role ${refusal.name} was made in Rollcall and is managed there. An owner can link it to the directory in Rollcall under Roles; nothing was changed.`,
      );
    case "roleMadeByHand":
      return conflict(
        `The role ${refusal.name} was made in Rollcall and can be deleted only there; nothing was changed.`,
      );
    case "roleIsDefault":
      return conflict(
        `${refusal.name} is the organization's default role. An owner must choose another default role first.`,
      );
  }
}

function toTakenError(refusal: Extract<AddRefusal, { readonly kind: "userNameTaken" | "externalIdTaken" }>): ScimError {
  const isName = refusal.kind === "userNameTaken";
  const what = isName ? `userName ${refusal.userName}` : `externalId ${refusal.externalId}`;
  if (refusal.inactiveId !== undefined)
    return taken(
      `The person with the ${what} is here and inactive: update it by PUT or PATCH of /Users/${refusal.inactiveId}. Nothing was created.`,
    );
  return taken(`${what} ${isName ? "is already in use" : "already belongs to another person"} in this organization.`);
}

function list(ids: readonly string[]): string {
  const shown = ids.slice(0, namesMax).join(", ");
  return ids.length > namesMax ? `${shown} and ${ids.length - namesMax} more` : shown;
}

/** An id from the address, which can be of any length. */
export function shortened(id: string): string {
  return id.length > idLengthMax ? `${id.slice(0, idLengthMax).toWellFormed()}…` : id;
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
