export { activityOrders, listActivity, type ActivityEntry, type ActivityQuery } from "./activity.ts";
export * from "./health/index.ts";
export {
  listMembers,
  listMemberIds,
  memberSorts,
  readMembersById,
  memberStatuses,
  type ListedMember,
  type MemberQuery,
  type MemberStatus,
} from "./member-list.ts";
export {
  listMappings,
  previewMappings,
  setMappings,
  type ListedMapping,
  type MappingsRefusal,
  type MappingsWish,
} from "./group-mappings.ts";
export { readMemberDetail, type MemberDetail } from "./member-detail.ts";
export { explainAddress, explainMember } from "./person-absence.ts";
export { readRoleReasons, type RoleReasons } from "./person-reasons.ts";
export { readTimeline, type TimelineItem, type TimelineQuery } from "./person-timeline.ts";
export { reactivateMembers, undoReactivations } from "./member-reactivation.ts";
export { removeMember } from "./member-removal.ts";
export { grantRole, revokeRole } from "./member-roles.ts";
export { undoRoleTick } from "./role-undo.ts";
export { concernsOwnerRole } from "./owner-role.ts";
export { operatorContext } from "./operator.ts";
export { createOrganization, type CreatedOrganization, type NewOrganization } from "./organization.ts";
export { readProvisioningOverview, type ProvisioningOverview } from "./provisioning-read.ts";
export { previewDefaultRole, setDefaultRole, type DefaultRoleRefusal } from "./provisioning-settings.ts";
export {
  disableProvisioning,
  readTurningOff,
  releaseKeptPeople,
  revokeAllTokens,
  type TurningOff,
} from "./provisioning-off.ts";
export { enableProvisioning, type EnableRefusal, type EnableWish } from "./provisioning-switch.ts";
export { setRemovalPolicy } from "./removal-policy.ts";
export { createRole, deleteOwnRole, renameRole, setRolePermissions } from "./role-edit.ts";
export { dismissRolesOffer, readRolesOffer, restoreRoles } from "./roles-offer.ts";
export { setRoleLinked } from "./role-link.ts";
export { holderSorts, listRoles, readRoleWithHolders, type ListedRole, type RoleHolder } from "./role-list.ts";
export { readScimRequest, type RequestDetail } from "./scim-request-detail.ts";
export {
  latestRequestId,
  listScimRequests,
  requestsSince,
  scannedCallsMax,
  slowestCursor,
  type ListedRequest,
} from "./scim-requests.ts";
export { callOfEntryKinds, readCallOfEntry } from "./call-of-entry.ts";
export { requestOrders, requestOutcomes, type RequestQuery } from "./request-conditions.ts";
export {
  issueToken,
  listTokens,
  revokeToken,
  rotateToken,
  type IssuedToken,
  type ListedToken,
  type RotationRefusal,
} from "./scim-tokens.ts";
export {
  endSession,
  loadSession,
  personContext,
  sessionDays,
  sessionIdleHours,
  type Access,
  type Browser,
  type Session,
  type SessionUse,
} from "./session.ts";
export { chooseSetupProvider, finishSetup, readSetup, restartSetup } from "./setup.ts";
export { noticeNextToken } from "./token-notice.ts";
export { acceptMembership, listMemberships, signIn, switchOrganization, type Membership } from "./sign-in.ts";
