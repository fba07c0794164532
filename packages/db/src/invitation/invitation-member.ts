import { personName, type MemberFields, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { noticeOwners } from "../account/security-notice.ts";
import { mailTemplate } from "../mail/mail-text.ts";
import { logAcceptance, takeMembership } from "../member/member-acceptance.ts";
import { touchedAt } from "../member/member-columns.ts";
import { keyedFields } from "../member/member-fields.ts";
import { readProvisioning } from "../provisioning/provisioning-row.ts";
import { newId } from "../store/id.ts";
import type { UnitOfWork } from "../store/unit-of-work.ts";
import { violatedUnique } from "../store/violation.ts";
import type { Joiner } from "./invitation-account.ts";

type Account = Pick<Joiner, "id" | "email" | "name">;

/**
 * Accepts the pending membership of the address's holder, makes the account an active, unmanaged member, or restores
 * its former membership under the same id, and grants the existing roles of the invitation, or else the default role.
 * The actor is the person. Must run under the organization's lock.
 */
export async function joinByInvitation(
  uow: UnitOfWork,
  account: Account,
  roleIds: readonly string[],
): Promise<Result<void, Refusal<"memberAlready">>> {
  const { organizationId, now } = uow;
  const accepting = { organizationId, account: { id: account.id, name: account.name } };
  const accepted = await takeMembership(uow, accepting, { isMailed: true, now });
  if (accepted !== undefined) {
    const given = await giveRoles(uow, accepted.id, roleIds);
    await logAcceptance(uow, accepting, uow, accepted, namesOf(given));
    await noticeNewOwner(uow, given);
    return ok(undefined);
  }
  const fields = fieldsOf(account);
  const joined = await addOrRevive(uow, account.id, fields);
  if (joined === undefined) return err({ kind: "memberAlready", email: account.email });
  const given = await giveRoles(uow, joined.id, roleIds);
  const roles = given.length > 0 ? given : await giveDefaultRole(uow, joined.id);
  const subject = { kind: "member", id: joined.id, name: fields.name } as const;
  uow.log({ kind: joined.kind, subject, after: { ...fields, roles: namesOf(given) } });
  await noticeNewOwner(uow, roles);
  return ok(undefined);
}

/**
 * The last ended membership, without its SCIM identifiers until the directory finds it by its address again; or a new
 * one. Undefined if the account or its address has a membership.
 */
async function addOrRevive({ db, organizationId, now }: UnitOfWork, accountId: string, fields: MemberFields) {
  const former = db
    .selectFrom("member")
    .where("organizationId", "=", organizationId)
    .where("accountId", "=", accountId)
    .where("isDeleted", "=", true)
    .select("id")
    .orderBy("deletedAt", "desc")
    .limit(1);
  const state = {
    ...keyedFields(fields),
    isManaged: false,
    awaitsAcceptance: false,
    acceptedAt: now,
    lastExternalId: null,
  };
  try {
    const revived = await db
      .updateTable("member")
      .set({ ...state, deletedAt: null, ...touchedAt(now) })
      .where("organizationId", "=", organizationId)
      .where("id", "=", former)
      .returning("id")
      .executeTakeFirst();
    if (revived !== undefined) return { ...revived, kind: "member.revived" } as const;
    const member = { organizationId, id: newId(), accountId, ...state, version: 1, createdAt: now, updatedAt: now };
    await db.insertInto("member").values(member).execute();
    return { id: member.id, kind: "member.created" } as const;
  } catch (cause) {
    if (violatedUnique(cause) === undefined) throw cause;
    return undefined;
  }
}

type GivenRoles = Awaited<ReturnType<typeof giveRoles>>;

/** Grants the existing ones of the roles and returns them by name. */
function giveRoles(
  { db, organizationId, now }: UnitOfWork,
  memberId: string,
  roleIds: readonly string[],
  source: "manual" | "default" = "manual",
) {
  return db
    .with(
      (cte) => cte("living").materialized(),
      (cte) =>
        cte
          .selectFrom("role")
          .where("organizationId", "=", organizationId)
          .where((eb) => eb("id", "=", eb.fn.any(eb.val(roleIds))))
          .where("deletedAt", "is", null)
          .select(["id", "name", "nameKey", "kind"])
          .forShare(),
    )
    .with("given", (cte) =>
      cte
        .insertInto("role_grant")
        .columns(["organizationId", "memberId", "roleId", "source", "createdAt"])
        .expression((eb) =>
          eb
            .selectFrom("living")
            .select([eb.val(organizationId).as("organizationId"), eb.val(memberId).as("memberId"), "living.id"])
            .select([eb.val(source).as("source"), eb.val(now).as("createdAt")]),
        )
        .onConflict((conflict) => conflict.doNothing()),
    )
    .selectFrom("living")
    .select(["name", "kind"])
    .orderBy("nameKey")
    .execute();
}

async function giveDefaultRole(uow: UnitOfWork, memberId: string): Promise<GivenRoles> {
  const { defaultRoleId } = await readProvisioning(uow, uow.organizationId);
  return defaultRoleId === null ? [] : giveRoles(uow, memberId, [defaultRoleId], "default");
}

const namesOf = (roles: GivenRoles): readonly string[] => roles.map(({ name }) => name);

async function noticeNewOwner(uow: UnitOfWork, given: GivenRoles): Promise<void> {
  if (!given.some(({ kind }) => kind === "owner")) return;
  const predicate = mailTemplate`accepted an invitation and is now an owner of your organization`;
  await noticeOwners(uow, uow, {
    kind: "newOwner",
    subject: mailTemplate`Your organization has a new owner`,
    predicate,
  });
}

function fieldsOf({ email, name }: Account): MemberFields {
  const [givenName = null, ...rest] = name.split(/\s+/u).filter((word) => word !== "");
  const parts = { givenName, familyName: rest.length > 0 ? rest.join(" ") : null, displayName: null };
  return { ...parts, userName: email, externalId: null, name: personName(parts, email), active: true };
}
