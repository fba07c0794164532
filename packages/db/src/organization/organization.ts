import { randomInt } from "node:crypto";
import { emailKey, isEmailAddress, permissions, personName, type Actor, type MemberFields } from "@rollcall/domain";
import { foldText } from "@rollcall/scim-protocol";
import { freeAddress } from "../account/address-release.ts";
import { addAccount } from "../account/account-add.ts";
import { accountByEmail } from "../account/account-row.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { fieldColumns, fieldValues, places } from "../member/member-fields.ts";
import { hashPassword, type PasswordCost } from "../account/password.ts";
import type { Queryable } from "../store/queryable.ts";
import { builtInNames } from "../role/role-name.ts";
import { ownerNameOf } from "./owner-name.ts";
import { newId } from "../store/id.ts";

export type NewOrganization = {
  readonly name: string;
  readonly ownerEmail: string;
  readonly ownerName?: string;
  /** What checking the owner's first password costs; tests, which sign in often, make it low. */
  readonly passwordCost?: PasswordCost;
  readonly actor: Actor;
  readonly now: Date;
};

export type CreatedOrganization = {
  readonly organizationId: string;
  /** As the account spells it. */
  readonly ownerEmail: string;
  /** Shown once and kept only as a hash; null where the account existed already and keeps its own password. */
  readonly ownerPassword: string | null;
};

/**
 * Makes an organization with its three first roles, provisioning turned off ("Members" is the default role, the guard
 * is on) and one owner, all in one transaction. Throws a RangeError for a blank name or an e-mail that is none.
 */
export async function createOrganization(database: Database, wish: NewOrganization): Promise<CreatedOrganization> {
  const name = wish.name.trim();
  const ownerEmail = wish.ownerEmail.trim();
  if (name === "") throw new RangeError("An organization needs a name.");
  if (!isEmailAddress(ownerEmail)) throw new RangeError("The owner's e-mail is not an address.");
  const password = newPassword();
  const passwordHash = await hashPassword(password, wish.passwordCost);
  const organizationId = newId();
  return database.transaction(async (tx) => {
    await tx.query(insertOrganization, [organizationId, name, wish.now]);
    const roles = await addFirstRoles(tx, organizationId, wish.now);
    await tx.query(insertProvisioning, [organizationId, roles.members, wish.now]);
    const account = await ownerAccount(tx, { ...wish, name, ownerEmail }, passwordHash);
    const owner = await addOwner(tx, organizationId, account, { ...wish, name }, roles.owners);
    await recordChanges(tx, [
      {
        organizationId,
        at: wish.now,
        requestId: null,
        actor: wish.actor,
        kind: "organization.created",
        subject: { kind: "organization", id: organizationId, name },
        after: { name, owner: account.email, ownerId: owner },
      },
    ]);
    return { organizationId, ownerEmail: account.email, ownerPassword: account.isNew ? password : null };
  });
}

const passwordLength = 20;
/** Without the letters and digits that people mistake for each other: 116 random bits. */
const passwordAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

function newPassword(): string {
  return Array.from({ length: passwordLength }, () => passwordAlphabet[randomInt(passwordAlphabet.length)]).join("");
}

async function addFirstRoles(
  tx: Queryable,
  organizationId: string,
  now: Date,
): Promise<{ readonly owners: string; readonly members: string }> {
  const everything = permissions.map(({ id }) => id);
  const ids = { owners: newId(), deployOwners: newId(), members: newId() };
  const rows = [
    [ids.owners, builtInNames.owner, "owner", everything],
    [ids.deployOwners, builtInNames.deployOwner, "deploy_owner", everything],
    [ids.members, "Members", "custom", ["environment.view"]],
  ] as const;
  for (const [id, name, kind, allowed] of rows) {
    await tx.query(insertRole, [organizationId, id, name, foldText(name), kind, allowed, now]);
  }
  return ids;
}

type Account = { readonly id: string; readonly email: string; readonly isNew: boolean };

/** The account of that address: a new one, or the one of a person who is a member elsewhere. */
async function ownerAccount(tx: Queryable, wish: NewOrganization, passwordHash: string): Promise<Account> {
  const { ownerEmail, now } = wish;
  const parts = { ...ownerNameOf(wish.ownerName, ownerEmail, wish.name), displayName: null };
  const id = newId();
  await freeAddress(tx, { email: ownerEmail, accountId: id, organizationId: null, now });
  const account = { id, email: ownerEmail, name: personName(parts, ownerEmail), passwordHash };
  const made = await addAccount(tx, account, { now, endsInvitations: false });
  if (made !== undefined) return { id, email: ownerEmail, isNew: true };
  const known = await accountByEmail(tx, emailKey(ownerEmail));
  if (known === undefined) throw new Error("The owner's account has lost its address meanwhile.");
  return { id: known.id, email: known.email, isNew: false };
}

async function addOwner(
  tx: Queryable,
  organizationId: string,
  account: Account,
  wish: NewOrganization,
  ownerRoleId: string,
): Promise<string> {
  const memberId = newId();
  const parts = { ...ownerNameOf(wish.ownerName, account.email, wish.name), displayName: null };
  const name = personName(parts, account.email);
  const fields: MemberFields = { ...parts, name, userName: account.email, externalId: null, active: true };
  await tx.query(insertMember, [organizationId, memberId, account.id, wish.now, ...fieldValues(fields)]);
  await tx.query(grantOwner, [organizationId, memberId, ownerRoleId, wish.now]);
  return memberId;
}

const insertOrganization = {
  name: "organization_insert",
  text: "insert into organization (id, name, created_at) values ($1, $2, $3)",
};
const insertRole = {
  name: "role_insert_first",
  text: `insert into role (organization_id, id, name, name_key, kind, permissions, is_scim_created, is_linked, created_at,
    updated_at) values ($1, $2, $3, $4, $5, $6, false, false, $7, $7)`,
};
const insertProvisioning = {
  name: "provisioning_insert",
  text: `insert into provisioning (organization_id, is_enabled, default_role_id, is_guard_on, updated_at)
    values ($1, false, $2, true, $3)`,
};
const insertMember = {
  name: "member_insert_owner",
  text: `insert into member (organization_id, id, account_id, ${fieldColumns}, is_managed, awaits_acceptance, accepted_at,
    version, created_at, updated_at) values ($1, $2, $3, ${places(5, 16)}, false, false, $4, 1, $4, $4)`,
};
const grantOwner = {
  name: "role_grant_owner",
  text: `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    values ($1, $2, $3, 'manual', $4)`,
};
