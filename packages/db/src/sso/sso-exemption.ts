import { exemptFromSso, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import type { Database } from "../store/database.ts";
import { isOwnerColumn } from "../member/member-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

const listedRow = z.object({
  memberId: z.string(),
  name: z.string(),
  userName: z.string(),
  createdBy: z.string(),
  createdAt: z.date(),
});
/** Somebody who may use a password although single sign-on is required, and who has let them. */
export type SsoExemption = z.infer<typeof listedRow>;

type Exempting = Result<void, Refusal<"memberNotFound" | "ssoExemptionNeedless">>;

/** The organization's exemptions by name, at most 500. */
export async function listSsoExemptions(sql: Queryable, organizationId: string): Promise<readonly SsoExemption[]> {
  return (await sql.query(list, [organizationId])).map((row) => listedRow.parse(row));
}

/** Lets a member use a password. Owners always may, and are refused here (rule AR-74). `memberId` must be a UUID. */
export async function addSsoExemption(database: Database, context: WriteContext, memberId: string): Promise<Exempting> {
  const { organizationId, now, actor } = context;
  const known = await findMember(database.sql, organizationId, memberId);
  if (known === undefined) return err({ kind: "memberNotFound", memberId });
  const attempt = { kind: "sso.exempted", subject: { kind: "member", id: memberId, name: known.name } } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Exempting> => {
    const member = await findMember(tx, organizationId, memberId);
    if (member === undefined) return err({ kind: "memberNotFound", memberId });
    const allowed = exemptFromSso(member);
    if (!allowed.ok) return allowed;
    const added = await tx.query(add, [organizationId, memberId, actor.name, now]);
    if (added.length > 0) await recordChanges(tx, [{ ...entryOf(context), ...attempt, after: { isExempt: true } }]);
    return ok(undefined);
  });
}

/** Takes a member from the list; who is not on it is `memberNotFound`. */
export async function removeSsoExemption(
  database: Database,
  context: WriteContext,
  memberId: string,
): Promise<Result<void, Refusal<"memberNotFound">>> {
  const { organizationId } = context;
  const known = await findMember(database.sql, organizationId, memberId);
  const subject = { kind: "member", id: memberId, name: known?.name ?? "" } as const;
  const attempt = { kind: "sso.exemption_ended", subject } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Result<void, Refusal<"memberNotFound">>> => {
    const removed = await tx.query(remove, [organizationId, memberId]);
    if (removed.length === 0) return err({ kind: "memberNotFound", memberId });
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before: { isExempt: true } }]);
    return ok(undefined);
  });
}

const memberRow = z.object({ name: z.string(), isOwner: z.boolean() });

async function findMember(
  sql: Queryable,
  organizationId: string,
  memberId: string,
): Promise<z.infer<typeof memberRow> | undefined> {
  const [row] = await sql.query(find, [organizationId, memberId]);
  return row === undefined ? undefined : memberRow.parse(row);
}

const find = {
  name: "sso_exemption_member",
  text: `select m.name, ${isOwnerColumn} as "isOwner" from member m
    where m.organization_id = $1 and m.id = $2 and not m.is_deleted`,
};
const list = {
  name: "sso_exemptions",
  text: `select m.id as "memberId", m.name, m.user_name as "userName", e.created_by as "createdBy",
      e.created_at as "createdAt"
    from exemption e join member m on m.organization_id = e.organization_id and m.id = e.member_id
    where e.organization_id = $1 and e.kind = 'sso' and not m.is_deleted order by m.name_key, m.id limit 500`,
};
const add = {
  name: "sso_exemption_add",
  text: `insert into exemption (organization_id, member_id, kind, created_by, created_at) values ($1, $2, 'sso', $3, $4)
    on conflict do nothing returning member_id`,
};
const remove = {
  name: "sso_exemption_remove",
  text: "delete from exemption where organization_id = $1 and member_id = $2 and kind = 'sso' returning member_id",
};
