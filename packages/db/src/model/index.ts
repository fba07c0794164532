import type { Options } from "@mikro-orm/postgresql";
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
import { ExemptionSchema, MemberCountSchema, MemberSchema, MemberSightingSchema } from "./member.ts";
import {
  DomainClaimSchema,
  InvitationSchema,
  OrganizationSchema,
  SetupSchema,
  VerifiedDomainSchema,
} from "./organization.ts";
import { GuardHoldSchema, GuardTallySchema, PeopleJobSchema, ProvisioningSchema } from "./provisioning.ts";
import { GroupMappingSchema, RoleGrantCountSchema, RoleGrantSchema, RoleSchema } from "./role.ts";
import { ScimRequestSchema, ScimTokenSchema } from "./scim-token.ts";
import { SelfCheckSchema, SelfCheckStepSchema } from "./self-check.ts";
import { SsoAssertionSchema, SsoConnectionSchema, SsoRequestSchema } from "./sso.ts";

/** The entities of both services. */
export const entities = [
  AccountSchema,
  ChangeSchema,
  DomainClaimSchema,
  EmailChallengeSchema,
  ExemptionSchema,
  GroupMappingSchema,
  GuardHoldSchema,
  GuardTallySchema,
  InvitationSchema,
  KnownBrowserSchema,
  MailSchema,
  MemberCountSchema,
  MemberSchema,
  MemberSightingSchema,
  OrganizationSchema,
  PasswordResetSchema,
  PeopleJobSchema,
  ProvisioningSchema,
  RecoveryCodeSchema,
  RoleGrantCountSchema,
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
  SsoRequestSchema,
  VerifiedDomainSchema,
] as const;

/**
 * How MikroORM reads the model. An entity has the columns of a foreign key as properties; the relation defines the
 * reference for the schema and the order of writes, and is neither read nor written.
 */
export const modelOptions = {
  entities: [...entities],
  discovery: { checkNonPersistentCompositeProps: false },
} satisfies Options;

/** `modelOptions` for comparing and creating schemas: MikroORM creates foreign keys only for persistent relations. */
export const schemaOptions = {
  ...modelOptions,
  discovery: {
    ...modelOptions.discovery,
    afterDiscovered: (storage) => {
      for (const meta of storage.getAll().values()) for (const relation of meta.relations) relation.persist = true;
    },
  },
} satisfies Options;
