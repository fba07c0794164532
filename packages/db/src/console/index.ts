export { operatorContext } from "./operator.ts";
export { createOrganization, type CreatedOrganization, type NewOrganization } from "./organization.ts";
export { releaseGuard, setDefaultRole, setGuard, type DefaultRoleRefusal } from "./provisioning-settings.ts";
export { disableProvisioning, enableProvisioning, type EnableRefusal, type EnableWish } from "./provisioning-switch.ts";
export {
  issueToken,
  listTokens,
  revokeToken,
  rotateToken,
  type IssuedToken,
  type ListedToken,
  type RotationRefusal,
} from "./scim-tokens.ts";
export { verifyDomain } from "./verified-domain.ts";
