import { AccountSchema, SessionSchema } from "./account.ts";
import { ChangeSchema } from "./change.ts";
import { MemberSchema } from "./member.ts";
import { OrganizationSchema, ProvisioningSchema, VerifiedDomainSchema } from "./organization.ts";
import { RoleGrantSchema, RoleSchema } from "./role.ts";
import { ScimRequestSchema, ScimTokenSchema } from "./scim-token.ts";

/** The one model of both services. A test compares it with what the migrations make. */
export const entities = [
  AccountSchema,
  ChangeSchema,
  MemberSchema,
  OrganizationSchema,
  ProvisioningSchema,
  RoleGrantSchema,
  RoleSchema,
  ScimRequestSchema,
  ScimTokenSchema,
  SessionSchema,
  VerifiedDomainSchema,
] as const;
