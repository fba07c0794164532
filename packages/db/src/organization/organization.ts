import { randomInt } from "node:crypto";
import { emailKey, isEmailAddress, permissions, personName, type Actor } from "@rollcall/domain";
import { foldText } from "@rollcall/scim-protocol";
import { addAccount } from "../account/account-add.ts";
import { accountByEmail } from "../account/account-row.ts";
import { freeAddress } from "../account/address-release.ts";
import { hashPassword, type PasswordCost } from "../account/password.ts";
import { OrganizationSchema } from "../model/organization.ts";
import { ProvisioningSchema } from "../model/provisioning.ts";
import { RoleSchema } from "../model/role.ts";
import { keyedFields } from "../member/member-fields.ts";
import { builtInNames } from "../role/role-name.ts";
import type { Database } from "../store/database.ts";
import { isUuid, newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { unitOf, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { ownerNameOf } from "./owner-name.ts";

export type NewOrganization = {
  readonly name: string;
  readonly ownerEmail: string;
  readonly ownerName?: string;
  /** The cost of the owner's first password hash; low in tests, which sign in often. */
  readonly passwordCost?: PasswordCost;
  readonly actor: Actor;
  readonly now: Date;
};

export type CreatedOrganization = {
  readonly organizationId: string;
  /** As the account spells it. */
  readonly ownerEmail: string;
  /** Shown once and stored as a hash; null if the account existed and keeps its password. */
  readonly ownerPassword: string | null;
};

/**
 * Creates an organization with its first three roles, provisioning turned off ("Members" is the default role, the guard
 * is on) and one owner, in one transaction. Throws a RangeError for a blank name or an invalid email.
 */
export async function createOrganization(database: Database, input: NewOrganization): Promise<CreatedOrganization> {
  const name = input.name.trim();
  const ownerEmail = input.ownerEmail.trim();
  if (name === "") throw new RangeError("The organization needs a name.");
  if (!isEmailAddress(ownerEmail)) throw new RangeError("The owner's email is not a valid address.");
  const password = newPassword();
  const passwordHash = await hashPassword(password, input.passwordCost);
  const organizationId = newId();
  const roleIds = { owner: newId(), deployOwner: newId(), members: newId() };
  const { actor, now } = input;
  const context = { organizationId, defaultRoleId: roleIds.members, actor, now, requestId: null };
  return database.transaction(async (tx) => {
    const uow = unitOf(tx, context);
    const account = await ownerAccount(tx, { ...input, name, ownerEmail }, passwordHash);
    uow.em.create(OrganizationSchema, { id: organizationId, name, createdAt: now });
    addSettings(uow, roleIds);
    await uow.em.flush();
    const ownerId = await addOwner(uow, account, { ...input, name }, roleIds.owner);
    const subject = { kind: "organization", id: organizationId, name } as const;
    uow.log({ kind: "organization.created", subject, after: { name, owner: account.email, ownerId } });
    return { organizationId, ownerEmail: account.email, ownerPassword: account.isNew ? password : null };
  });
}

/** Whether any organization exists. The first start on an empty database creates the demo. */
export async function hasOrganizations({ sql }: Database): Promise<boolean> {
  return (await sql.db.selectFrom("organization").select("id").limit(1).executeTakeFirst()) !== undefined;
}

/** The operator as the author of a write; undefined if the organization does not exist. */
export async function operatorContext(
  { sql }: Database,
  organizationId: string,
  now: Date,
): Promise<WriteContext | undefined> {
  if (!isUuid(organizationId)) return undefined;
  const settings = await sql.db
    .selectFrom("provisioning")
    .where("organizationId", "=", organizationId)
    .select("defaultRoleId")
    .executeTakeFirst();
  const actor = { kind: "operator", id: null, name: "operator" } as const;
  return settings && { organizationId, ...settings, actor, now, requestId: null };
}

const passwordLength = 20;
/** Without ambiguous letters and digits: 116 random bits. */
const passwordAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

function newPassword(): string {
  return Array.from({ length: passwordLength }, () => passwordAlphabet[randomInt(passwordAlphabet.length)]).join("");
}

type RoleIds = { readonly owner: string; readonly deployOwner: string; readonly members: string };

/** The first roles, and provisioning turned off. */
function addSettings({ em, organizationId, now }: UnitOfWork, ids: RoleIds): void {
  const everything = permissions.map(({ id }) => id);
  const roles = [
    { id: ids.owner, name: builtInNames.owner, kind: "owner", permissions: everything },
    { id: ids.deployOwner, name: builtInNames.deployOwner, kind: "deploy_owner", permissions: everything },
    { id: ids.members, name: "Members", kind: "custom", permissions: ["environment.view"] },
  ] as const;
  const state = { isScimCreated: false, isLinked: false, createdAt: now, updatedAt: now };
  for (const role of roles) {
    const allowed = [...role.permissions];
    em.create(RoleSchema, { organizationId, ...role, nameKey: foldText(role.name), permissions: allowed, ...state });
  }
  const settings = { isEnabled: false, defaultRoleId: ids.members, isGuardOn: true, updatedAt: now };
  em.create(ProvisioningSchema, { organizationId, ...settings });
}

type Account = { readonly id: string; readonly email: string; readonly isNew: boolean };

/** The account of that address: a new one, or that of a member elsewhere. */
async function ownerAccount(tx: Queryable, input: NewOrganization, passwordHash: string): Promise<Account> {
  const { ownerEmail, now } = input;
  const parts = { ...ownerNameOf(input.ownerName, ownerEmail, input.name), displayName: null };
  const id = newId();
  await freeAddress(tx, { email: ownerEmail, accountId: id, organizationId: null, now });
  const account = { id, email: ownerEmail, name: personName(parts, ownerEmail), passwordHash };
  const made = await addAccount(tx, account, { now, endsInvitations: false });
  if (made !== undefined) return { id, email: ownerEmail, isNew: true };
  const known = await accountByEmail(tx, emailKey(ownerEmail));
  if (known === undefined) throw new Error("The owner's account has lost its address.");
  return { id: known.id, email: known.email, isNew: false };
}

/** Returns the id of the member. */
async function addOwner(
  { db, organizationId, now }: UnitOfWork,
  account: Account,
  input: NewOrganization,
  roleId: string,
): Promise<string> {
  const id = newId();
  const { givenName, familyName } = ownerNameOf(input.ownerName, account.email, input.name);
  const name = personName({ givenName, familyName, displayName: null }, account.email);
  const fields = { userName: account.email, externalId: null, givenName, familyName, displayName: null, name };
  const member = {
    ...keyedFields({ ...fields, active: true }),
    isManaged: false,
    awaitsAcceptance: false,
    acceptedAt: now,
    version: 1,
  };
  const key = { organizationId, id, accountId: account.id };
  await db
    .insertInto("member")
    .values({ ...key, ...member, createdAt: now, updatedAt: now })
    .execute();
  const grant = { organizationId, memberId: id, roleId, source: "manual", createdAt: now } as const;
  await db.insertInto("role_grant").values(grant).execute();
  return id;
}
