import {
  AccountSchema,
  EmailChallengeSchema,
  KnownBrowserSchema,
  MailSchema,
  PasswordResetSchema,
  RecoveryCodeSchema,
  SessionSchema,
  SignInAttemptSchema,
} from "./account.ts";
import { ChangeSchema } from "./change.ts";
import { MemberSchema, MemberSightingSchema } from "./member.ts";
import {
  DomainClaimSchema,
  GuardHoldSchema,
  InvitationSchema,
  LockExemptionSchema,
  OrganizationSchema,
  ProvisioningSchema,
  SetupSchema,
  VerifiedDomainSchema,
} from "./organization.ts";
import { GroupMappingSchema, RoleGrantSchema, RoleSchema } from "./role.ts";
import { ScimRequestSchema, ScimTokenSchema } from "./scim-token.ts";
import { SelfCheckSchema, SelfCheckStepSchema } from "./self-check.ts";
import { SsoAssertionSchema, SsoConnectionSchema, SsoExemptionSchema, SsoRequestSchema } from "./sso.ts";

/** The one model of both services. A test compares it with what the migrations make. */
export const entities = [
  AccountSchema,
  ChangeSchema,
  DomainClaimSchema,
  EmailChallengeSchema,
  GroupMappingSchema,
  GuardHoldSchema,
  InvitationSchema,
  KnownBrowserSchema,
  LockExemptionSchema,
  MailSchema,
  MemberSchema,
  MemberSightingSchema,
  OrganizationSchema,
  PasswordResetSchema,
  ProvisioningSchema,
  RecoveryCodeSchema,
  RoleGrantSchema,
  RoleSchema,
  ScimRequestSchema,
  ScimTokenSchema,
  SelfCheckSchema,
  SelfCheckStepSchema,
  SessionSchema,
  SetupSchema,
  SignInAttemptSchema,
  SsoAssertionSchema,
  SsoConnectionSchema,
  SsoExemptionSchema,
  SsoRequestSchema,
  VerifiedDomainSchema,
] as const;
