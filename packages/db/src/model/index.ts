import {
  AccountSchema,
  EmailChallengeSchema,
  MailSchema,
  PasswordResetSchema,
  RecoveryCodeSchema,
  SessionSchema,
} from "./account.ts";
import { ChangeSchema } from "./change.ts";
import { MemberSchema } from "./member.ts";
import {
  DomainClaimSchema,
  InvitationSchema,
  LockExemptionSchema,
  OrganizationSchema,
  ProvisioningSchema,
  VerifiedDomainSchema,
} from "./organization.ts";
import { RoleGrantSchema, RoleSchema } from "./role.ts";
import { ScimRequestSchema, ScimTokenSchema } from "./scim-token.ts";
import { SelfCheckSchema, SelfCheckStepSchema } from "./self-check.ts";
import { SsoAssertionSchema, SsoConnectionSchema, SsoExemptionSchema, SsoRequestSchema } from "./sso.ts";

/** The one model of both services. A test compares it with what the migrations make. */
export const entities = [
  AccountSchema,
  ChangeSchema,
  DomainClaimSchema,
  EmailChallengeSchema,
  InvitationSchema,
  LockExemptionSchema,
  MailSchema,
  MemberSchema,
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
  SsoAssertionSchema,
  SsoConnectionSchema,
  SsoExemptionSchema,
  SsoRequestSchema,
  VerifiedDomainSchema,
] as const;
