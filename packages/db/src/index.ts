export { readAccount, renameAccount, type AccountRow } from "./account/account-row.ts";
export {
  checkEmailLink,
  confirmEmailChange,
  listEmailChanges,
  startEmailChange,
  withdrawEmailChange,
  type EmailChallenge,
} from "./account/email-challenge.ts";
export { leaveOrganization } from "./account/leave.ts";
export { readLocks } from "./account/member-lock.ts";
export { changePassword } from "./account/password-change.ts";
export { requestPasswordReset, checkPasswordReset, completePasswordReset } from "./account/password-reset.ts";
export {
  beginTwoFactor,
  confirmTwoFactor,
  countRecoveryCodes,
  endTwoFactor,
  resetTwoFactor,
  type ReadTotp,
} from "./account/two-factor.ts";
export { activityOrders, listActivity, type ActivityEntry, type ActivityQuery } from "./change/activity.ts";
export { requestOfEntryKinds, readRequestOfEntry } from "./change/request-of-entry.ts";
export {
  addDomain,
  listDomains,
  readProof,
  removeDomain,
  saveCheck,
  type ListedDomain,
} from "./domain/domain-claim.ts";
export { saveRecheck, takeDueDomain } from "./domain/domain-recheck.ts";
export { verifyDomain } from "./domain/verified-domain.ts";
export { decideHeld, deactivateHeld, endDecisions } from "./guard/guard-decision.ts";
export { followUpNextHold } from "./guard/guard-hold.ts";
export { endGuardRelease, releaseGuard, resumeGuard, setGuard } from "./guard/guard-settings.ts";
export { listHeldChanges, readGuardHold, type HeldChange } from "./guard/held-change.ts";
export { readRequestHours, type RequestHour } from "./health/request-hours.ts";
export { readComparedMembers } from "./health/compared-members.ts";
export {
  countDrift,
  driftKinds,
  driftPeopleSorts,
  listDriftPeople,
  listDriftPeopleAfter,
  unconfirmedAfterDays,
  type DriftCounts,
  type DriftPerson,
} from "./health/drift.ts";
export { driftHolderSorts, listDriftHolders, listDriftHoldersAfter, type DriftHolder } from "./health/drift-holders.ts";
export { driftMax } from "./health/drift-page.ts";
export { readHealthFacts } from "./health/health-facts.ts";
export { acceptInvitation, readInvitation, type ShownInvitation } from "./invitation/invitation-accept.ts";
export { inviteAwaited, inviteNextAdded } from "./invitation/invitation-awaited.ts";
export {
  invitationSorts,
  listInvitations,
  type InvitationQuery,
  type InvitationsPage,
  type ListedInvitation,
} from "./invitation/invitation-list.ts";
export { resendInvitation, revokeInvitation, sendInvitation } from "./invitation/invitation-send.ts";
export { queueMail, nextMail, mailText, mailSent, mailFailed, listKeptMails } from "./mail/mail-queue.ts";
export { mailTemplate } from "./mail/mail-text.ts";
export {
  addSsoExemption,
  listLockExemptions,
  listSsoExemptions,
  removeSsoExemption,
  setLockExemption,
} from "./member/exemptions.ts";
export { readMemberDetail, type MemberDetail } from "./member/member-detail.ts";
export {
  listMembers,
  listMemberIds,
  memberSorts,
  readMembersById,
  memberStatuses,
  type ListedMember,
  type MemberQuery,
  type MemberStatus,
} from "./member/member-list.ts";
export { reactivateMembers, undoReactivations } from "./member/member-reactivation.ts";
export { removeMember } from "./member/member-removal.ts";
export { grantRole, revokeRole, undoRoleChange } from "./member/member-roles.ts";
export type { MemberRow } from "./member/member-columns.ts";
export { explainAddress, explainMember } from "./member/person-absence.ts";
export { readRoleReasons, type RoleReasons } from "./member/person-reasons.ts";
export { readTimeline, type TimelineItem, type TimelineQuery } from "./member/person-timeline.ts";
export { dismissRolesOffer, readRolesOffer, restoreRoles } from "./member/roles-offer.ts";
export {
  createOrganization,
  hasOrganizations,
  operatorContext,
  type CreatedOrganization,
  type NewOrganization,
} from "./organization/organization.ts";
export {
  disableProvisioning,
  readTurningOff,
  releaseKeptPeople,
  revokeAllTokens,
  type TurningOff,
} from "./provisioning/provisioning-off.ts";
export { continueNextJob, resumePeopleJob, type PeopleJob } from "./provisioning/people-job.ts";
export { readProvisioningOverview, type ProvisioningOverview } from "./provisioning/provisioning-read.ts";
export {
  previewDefaultRole,
  setDefaultRole,
  setRemovalPolicy,
  type DefaultRoleRefusal,
} from "./provisioning/provisioning-settings.ts";
export { enableProvisioning, type EnableRefusal, type EnableInput } from "./provisioning/provisioning-switch.ts";
export { requestOrders, requestOutcomes, type RequestQuery } from "./request-log/request-conditions.ts";
export { recordRequests, type NewScimRequest } from "./request-log/request-log.ts";
export { readScimRequest, type RequestDetail } from "./request-log/scim-request-detail.ts";
export {
  latestRequestId,
  listScimRequests,
  requestsSince,
  scannedRequestsMax,
  slowestCursor,
  type ListedRequest,
} from "./request-log/scim-requests.ts";
export { forgetOld } from "./retention.ts";
export {
  listMappings,
  previewMappings,
  setMappings,
  type ListedMapping,
  type MappingsRefusal,
  type MappingsInput,
} from "./role-mapping/group-mappings.ts";
export { concernsOwnerRole } from "./role/owner-role.ts";
export { createRole, deleteOwnRole, renameRole, setRoleLinked, setRolePermissions } from "./role/role-edit.ts";
export {
  holderSorts,
  listCountedRoles,
  readRoleWithHolders,
  type ListedRole,
  type RoleHolder,
} from "./role/role-list.ts";
export type { RoleRow } from "./role/role-columns.ts";
export {
  issueToken,
  listTokens,
  revokeToken,
  rotateToken,
  type IssuedToken,
  type ListedToken,
  type RotationRefusal,
} from "./scim-token/scim-tokens.ts";
export { noticeNextToken } from "./scim-token/token-notice.ts";
export { claimedKeyId } from "./scim-token/token-text.ts";
export { boundedReads, type BoundedReads } from "./scim/bounded-read.ts";
export {
  credentialOf,
  loadCaller,
  loadClaimed,
  type Caller,
  type CallerRefusal,
  type Credential,
} from "./scim/caller.ts";
export { columnOf, isLookUp, type SqlColumns } from "./scim/filter-sql.ts";
export type { Order, Page, PageWindow, Place } from "./scim/list-page.ts";
export type { AddRefusal } from "./scim/member-add-refusal.ts";
export { addMember } from "./scim/member-add.ts";
export { writeMember } from "./scim/member-change.ts";
export type { ChangeRefusal, Intent } from "./scim/member-write.ts";
export { findMember, listMembers as listUsers, readMember } from "./scim/member-read.ts";
export { listResources, type ResourceRow } from "./scim/resource-read.ts";
export { type MemberStep } from "./scim/role-members.ts";
export { isUuid } from "./store/id.ts";
export type { RoleRequest, RoleVersion } from "./scim/role-open.ts";
export { listRoles as listGroups, readRole, type RoleWithMembers } from "./scim/role-read.ts";
export { moreMembers } from "./scim/shown-members.ts";
export type { RoleRefusal } from "./scim/role-refusal.ts";
export { addRole, changeRole, deleteRole, type RoleIntent, type RoleOutcome } from "./scim/role-write.ts";
export { groupColumns, userColumns } from "./scim/user-columns.ts";
export {
  addSelfCheckStep,
  beginSelfCheck,
  endSelfCheck,
  readSelfCheck,
  readSelfCheckExchanges,
  type SelfCheck,
} from "./self-check/self-check-store.ts";
export { readSetupCheckFacts } from "./self-check/setup-facts.ts";
export { dropNextLeftSandbox } from "./self-check/sandbox-schema.ts";
export { openSandbox, type Sandbox } from "./self-check/sandbox.ts";
export { proveSession, type ProofGiven } from "./session/session-proof.ts";
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
} from "./session/session.ts";
export { endOtherSessions, listSessions, type ListedSession } from "./session/sessions.ts";
export {
  acceptMembership,
  enterAfterLeaving,
  listMemberships,
  signIn,
  switchOrganization,
  type Membership,
} from "./session/sign-in.ts";
export { chooseSetupProvider, finishSetup, readSetup, restartSetup } from "./setup/setup.ts";
export { readSignInWays } from "./sso/sign-in-ways.ts";
export {
  configureSso,
  findSsoByDomain,
  findSsoConnection,
  removeSso,
  setSsoRequired,
  type IdentityProvider,
  type SsoConnection,
} from "./sso/sso-connection.ts";
export { provesAccount } from "./sso/sso-entry.ts";
export {
  finishSsoTest,
  isOpenSsoTest,
  isRestarting,
  readSsoTest,
  startSsoRequest,
  type AskingBrowser,
  type SsoPurpose,
  type SsoTest,
} from "./sso/sso-request.ts";
export { admissionOf, signInBySso, type TrustedAssertion } from "./sso/sso-sign-in.ts";
export { recordChanges, type NewChange } from "./store/change-log.ts";
export { openDatabase, type Database } from "./store/database.ts";
export { migrate } from "./store/migrate.ts";
export { reencryptSecrets, type SecretsReport } from "./store/reencrypt-secrets.ts";
export { deriveKey, readSecretKeys, type SecretKey } from "./store/secret-box.ts";
export { mapInSlices, runInSlices } from "./store/slices.ts";
export {
  createConcurrencyLimiter,
  QueueFull,
  type ConcurrencyBounds,
  type ConcurrencyLimiter,
} from "./store/concurrency-limiter.ts";
export { isUnavailable } from "./store/unavailable.ts";
export { AccessEnded, type WriteContext } from "./store/write-context.ts";
