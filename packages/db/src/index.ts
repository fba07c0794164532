export * from "./account/index.ts";
export { recordChanges, type NewChange } from "./change-log.ts";
export * from "./console/index.ts";
export * from "./domain/index.ts";
export * from "./guard/index.ts";
export * from "./invitation/index.ts";
export { migrate, openDatabase, type Database } from "./database.ts";
export { queueMail, nextMail, mailText, mailSent, mailFailed, listKeptMails } from "./mail/mail-queue.ts";
export { mailTemplate } from "./mail/mail-text.ts";
export type { MemberRow } from "./member-row.ts";
export { hasOrganizations } from "./organizations.ts";
export { forgetOld } from "./retention.ts";
export { reencryptSecrets, type SecretsReport } from "./reencrypt-secrets.ts";
export type { RoleRow } from "./role-row.ts";
export {
  credentialOf,
  loadCaller,
  loadClaimed,
  type CallTime,
  type Caller,
  type CallerRefusal,
  type Credential,
} from "./scim/caller.ts";
export { boundedReads, type BoundedReads } from "./scim/bounded-read.ts";
export { addMember } from "./scim/member-add.ts";
export type { AddRefusal } from "./scim/member-add-refusal.ts";
export { writeMember, type ChangeRefusal, type Intent } from "./scim/member-change.ts";
export { columnOf, isLookUp, type SqlColumns } from "./scim/filter-sql.ts";
export type { Order, Page, PageWindow, Place } from "./scim/list-page.ts";
export { findMember, listMembers as listUsers, readMember } from "./scim/member-read.ts";
export { groupColumns, userColumns } from "./scim/user-columns.ts";
export { listResources, type ResourceRow } from "./scim/resource-read.ts";
export { isUuid, type MemberStep } from "./scim/role-members.ts";
export { mapInSlices, runInSlices } from "./slices.ts";
export type { RoleCall, RoleVersion } from "./scim/role-open.ts";
export { listRoles as listGroups, readRole, type RoleWithMembers } from "./scim/role-read.ts";
export { addRole, changeRole, deleteRole, type RoleIntent, type RoleOutcome } from "./scim/role-write.ts";
export type { RoleRefusal } from "./scim/role-refusal.ts";
export { recordRequests, type NewScimRequest } from "./scim/request-log.ts";
export * from "./self-check/index.ts";
export * from "./sso/index.ts";
export { deriveKey, readSecretKeys, type SecretKey } from "./secret-box.ts";
export { claimedKeyId } from "./token-text.ts";
export { Busy, createTurns, type Turns } from "./turns.ts";
export { isUnavailable } from "./unavailable.ts";
export type { WriteContext } from "./write-context.ts";
