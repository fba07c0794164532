/**
 * Every reason for which Rollcall refuses something that was well-formed. A refusal is data: each app answers every
 * kind exactly once (`apps/scim/src/scim-error.ts`, `apps/api/src/trpc-error.ts`), in a switch without default.
 */
export type RuleError =
  | { readonly kind: "userNameNotEmail"; readonly userName: string }
  | { readonly kind: "userNameTaken"; readonly userName: string }
  | { readonly kind: "externalIdTaken"; readonly externalId: string }
  | { readonly kind: "emailTaken"; readonly email: string }
  | { readonly kind: "domainNotVerified"; readonly domain: string }
  | { readonly kind: "domainTaken"; readonly domain: string }
  | { readonly kind: "domainMalformed"; readonly domain: string }
  | { readonly kind: "emailFixedAtFirstContact"; readonly userName: string }
  | { readonly kind: "lastOwner"; readonly name: string }
  | { readonly kind: "memberNotFound"; readonly memberId: string }
  | { readonly kind: "membersUnknown"; readonly memberIds: readonly string[] }
  | { readonly kind: "guardTripped"; readonly count: number; readonly limit: number; readonly retryAfterS: number }
  | { readonly kind: "roleNotFound"; readonly roleId: string }
  | { readonly kind: "roleNameTaken"; readonly name: string }
  | { readonly kind: "roleBuiltIn"; readonly name: string }
  | { readonly kind: "roleNotLinked"; readonly name: string }
  | { readonly kind: "roleMadeByHand"; readonly name: string }
  | { readonly kind: "roleManagedByScim"; readonly name: string }
  | { readonly kind: "roleIsDefault"; readonly name: string }
  | { readonly kind: "onlyRole"; readonly name: string }
  | { readonly kind: "defaultRoleRequired" }
  | { readonly kind: "ownerRoleUnconfirmed"; readonly name: string }
  | { readonly kind: "ssoUnacknowledged" }
  | { readonly kind: "provisioningOff" }
  | { readonly kind: "provisioningAlreadyOn" }
  | { readonly kind: "tokenNotFound"; readonly tokenId: string }
  | { readonly kind: "tokenLimitReached"; readonly limit: number }
  | { readonly kind: "tokenNotActive"; readonly name: string };

export type Refusal<K extends RuleError["kind"]> = Extract<RuleError, { readonly kind: K }>;
