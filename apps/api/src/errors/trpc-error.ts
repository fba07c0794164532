import type { Refusal, RuleError } from "@rollcall/domain";
import { TRPCError } from "@trpc/server";
import { aboutAccount, isAboutAccount } from "./account-error.ts";
import { badRequest, conflict, notFound, unmet, type Answer } from "./answer.ts";
import { RuleRefusal } from "./rule-refusal.ts";
import { aboutToken, isAboutToken } from "./token-error.ts";

/** A refusal as the console gets it: a code, a sentence for the screen, and the rule itself in `data.rule`. */
export function toTrpcError(refusal: RuleError): TRPCError {
  const { code, message } = answerOf(refusal);
  return new TRPCError({ code, message, cause: new RuleRefusal(refusal) });
}

/** No default branch here and below, on purpose: a new kind of refusal does not compile until it has its sentence. */
function answerOf(refusal: RuleError): Answer {
  if (isAboutAccount(refusal)) return aboutAccount(refusal);
  if (isAboutPerson(refusal)) return aboutPerson(refusal);
  if (isAboutToken(refusal)) return aboutToken(refusal);
  switch (refusal.kind) {
    case "roleNotFound":
    case "roleNameTaken":
    case "roleExternalIdTaken":
    case "roleBuiltIn":
    case "roleNotLinked":
    case "roleMadeByHand":
    case "roleManagedByScim":
    case "roleIsDefault":
    case "onlyRole":
    case "undoOver":
    case "defaultRoleRequired":
    case "ownerRoleUnconfirmed":
      return aboutRole(refusal);
    case "roleMapped":
    case "roleIsMappingTarget":
    case "mappingGroupUnfit":
    case "mappingTargetUnfit":
    case "mappingGroupTwice":
    case "mappingsMoved":
      return aboutMapping(refusal);
    case "guardTripped":
    case "guardRejected":
    case "heldChangeNotFound":
    case "guardUndecided":
    case "ssoUnacknowledged":
    case "provisioningOff":
    case "provisioningAlreadyOn":
    case "setupNotBegun":
    case "setupNotConnected":
      return aboutProvisioning(refusal);
  }
}

const personKinds = [
  "userNameNotEmail",
  "userNameTaken",
  "externalIdTaken",
  "emailTaken",
  "domainNotVerified",
  "domainTaken",
  "domainMalformed",
  "emailFixedAtFirstContact",
  "lastOwner",
  "memberNotFound",
  "membersUnknown",
  "groupsAsMembers",
  "memberFiltersTooCostly",
  "onlyDirectoryReactivates",
  "reactivationOver",
] as const satisfies RuleError["kind"][];
type PersonRefusal = Refusal<(typeof personKinds)[number]>;
const kindsAboutPeople: readonly RuleError["kind"][] = personKinds;

function isAboutPerson(refusal: RuleError): refusal is PersonRefusal {
  return kindsAboutPeople.includes(refusal.kind);
}

function aboutPerson(refusal: PersonRefusal): Answer {
  switch (refusal.kind) {
    case "userNameNotEmail":
      return badRequest(`“${refusal.userName}” is not an e-mail address.`);
    case "userNameTaken":
      return conflict(`Somebody in this organization is called ${refusal.userName} already.`);
    case "externalIdTaken":
      return conflict(`The external id ${refusal.externalId} belongs to somebody else in this organization.`);
    case "emailTaken":
      return conflict(`${refusal.email} belongs to another account.`);
    case "domainNotVerified":
      return unmet(`Your organization has not verified ${refusal.domain}.`);
    case "domainTaken":
      return conflict(`${refusal.domain} belongs to another organization.`);
    case "domainMalformed":
      return badRequest(`“${refusal.domain}” is not a domain name.`);
    case "emailFixedAtFirstContact":
      return unmet(`${refusal.userName} must be linked to the directory before the address can change.`);
    case "lastOwner":
      return unmet(`${refusal.name} is the last owner. Make somebody else an owner first.`);
    case "memberNotFound":
      return notFound("This person is not in your organization.");
    case "membersUnknown":
      return notFound("Not all of these people are in your organization.");
    case "groupsAsMembers":
      return badRequest("Groups cannot be members of a group.");
    case "memberFiltersTooCostly":
      return badRequest(`The filters would make more than ${refusal.limit} comparisons. Name people by their ids.`);
    case "onlyDirectoryReactivates":
      return unmet(
        `The directory manages ${refusal.name}. Reactivate or assign them in your identity provider; nothing was changed.`,
      );
    case "reactivationOver":
      return unmet(`The access of ${refusal.name} was changed again since, so this cannot be undone any more.`);
  }
}

type RoleRefusal = Refusal<
  | "roleNotFound"
  | "roleNameTaken"
  | "roleExternalIdTaken"
  | "roleBuiltIn"
  | "roleNotLinked"
  | "roleMadeByHand"
  | "roleManagedByScim"
  | "roleIsDefault"
  | "onlyRole"
  | "undoOver"
  | "defaultRoleRequired"
  | "ownerRoleUnconfirmed"
>;

function aboutRole(refusal: RoleRefusal): Answer {
  switch (refusal.kind) {
    case "roleNotFound":
      return notFound("This role does not exist in your organization.");
    case "roleNameTaken":
      return conflict(`There is a role called ${refusal.name} already.`);
    case "roleExternalIdTaken":
      return conflict(`The external id ${refusal.externalId} belongs to another group.`);
    case "roleBuiltIn":
      return unmet(`${refusal.name} is built in and stays as it is.`);
    case "roleNotLinked":
      return unmet(`${refusal.name} is not linked to the directory.`);
    case "roleMadeByHand":
      return unmet(`${refusal.name} was made here and can be deleted only here.`);
    case "roleManagedByScim":
      return unmet(`${refusal.name} is managed by the directory (SCIM). Change it in your identity provider.`);
    case "roleIsDefault":
      return unmet(`${refusal.name} is the default role. Choose another default role first.`);
    case "onlyRole":
      return unmet(`${refusal.name} is this person's only role.`);
    case "undoOver":
      return unmet(
        `It is too late to undo this, or ${refusal.name} was changed again. Change it on the person’s page.`,
      );
    case "defaultRoleRequired":
      return unmet("Choose a default role first: everybody who is created over SCIM gets it.");
    case "ownerRoleUnconfirmed":
      return unmet(
        `Everybody who is created over SCIM would become a member of ${refusal.name}. Confirm that you want this.`,
      );
  }
}

type MappingRefusal = Refusal<
  | "roleMapped"
  | "roleIsMappingTarget"
  | "mappingGroupUnfit"
  | "mappingTargetUnfit"
  | "mappingGroupTwice"
  | "mappingsMoved"
>;

function aboutMapping(refusal: MappingRefusal): Answer {
  switch (refusal.kind) {
    case "roleMapped":
      return unmet(`A mapping of a directory group gives ${refusal.name}. Change the mapping, or the group.`);
    case "roleIsMappingTarget":
      return unmet(`A mapping gives ${refusal.name}. End the mapping before you link the role to the directory.`);
    case "mappingGroupUnfit":
      return unmet(`${refusal.name} is not a group of the directory.`);
    case "mappingTargetUnfit":
      return unmet(`A mapping can give only a custom role that was made here, and ${refusal.name} is none.`);
    case "mappingGroupTwice":
      return badRequest(`${refusal.name} is in the list twice. A group has one mapping.`);
    case "mappingsMoved":
      return conflict("Somebody else has changed the mappings in the meantime. Look at their list first.");
  }
}

type ProvisioningRefusal = Refusal<
  | "guardTripped"
  | "guardRejected"
  | "heldChangeNotFound"
  | "guardUndecided"
  | "ssoUnacknowledged"
  | "provisioningOff"
  | "provisioningAlreadyOn"
  | "setupNotBegun"
  | "setupNotConnected"
>;

function aboutProvisioning(refusal: ProvisioningRefusal): Answer {
  switch (refusal.kind) {
    case "guardTripped":
      return { code: "TOO_MANY_REQUESTS", message: guardSentence(refusal.limit) };
    case "guardRejected":
      return conflict(`An owner decided to keep ${refusal.names.join(", ")}. End that decision first.`);
    case "heldChangeNotFound":
      return notFound("These changes are not held any more. Somebody else may have decided.");
    case "guardUndecided":
      return unmet(`${refusal.count} held removals wait for a decision. Decide them first.`);
    case "ssoUnacknowledged":
      return unmet("No single sign-on is set up. Confirm that it will follow, then turn provisioning on.");
    case "provisioningOff":
      return unmet("Provisioning is off.");
    case "provisioningAlreadyOn":
      return conflict("Provisioning is on already. Somebody else may have just turned it on.");
    case "setupNotBegun":
      return unmet("Choose your identity provider first.");
    case "setupNotConnected":
      return unmet("Your identity provider has not called yet. Finish the set-up once its credentials are tested.");
  }
}

function guardSentence(limit: number): string {
  return `Mass-removal protection holds this: more than ${limit} people would lose access or a role within 15 minutes.`;
}
