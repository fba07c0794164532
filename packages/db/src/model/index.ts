import {
  AccountSchema,
  EmailChallengeSchema,
  MailSchema,
  PasswordResetSchema,
  RecoveryCodeSchema,
  SessionSchema,
} from "./account.ts";
import { ChangeSchema } from "./change.ts";
import { MemberSchema, MemberSightingSchema } from "./member.ts";
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
  MemberSightingSchema,
  OrganizationSchema,
  PasswordResetSchema,
  ProvisioningSchema,
  RecoveryCodeSchema,
  RoleGrantSchema,
  RoleSchema,
  ScimRequestSchema,
  ScimTokenSchema,
  SessionSchema,
  SsoAssertionSchema,
  SsoConnectionSchema,
  SsoExemptionSchema,
  SsoRequestSchema,
  VerifiedDomainSchema,
] as const;
