import { emailKey, type MemberInput, type Refusal } from "@rollcall/domain";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

export type AddRefusal = Refusal<"userNameNotEmail" | "userNameTaken" | "externalIdTaken">;

/** Logs why a POST was refused, and returns the refusal with the id of an inactive member, whom the provider can update. */
export async function noteRefusal(
  sql: Queryable,
  context: WriteContext,
  input: MemberInput,
  decided: AddRefusal,
): Promise<AddRefusal> {
  const refusal = await withInactive(sql, context.organizationId, decided);
  const subject = { kind: "member", id: null, name: input.userName } as const;
  await recordChanges(sql, [
    { ...entryOf(context), subject, kind: "member.created", refusal: refusal.kind, after: refusal },
  ]);
  return refusal;
}

async function withInactive(sql: Queryable, organizationId: string, refusal: AddRefusal): Promise<AddRefusal> {
  if (refusal.kind === "userNameNotEmail") return refusal;
  const [row] =
    refusal.kind === "userNameTaken"
      ? await sql.query(inactiveByAddress, [organizationId, emailKey(refusal.userName)])
      : await sql.query(inactiveByExternalId, [organizationId, refusal.externalId]);
  return row === undefined ? refusal : { ...refusal, inactiveId: inactiveRow.parse(row).id };
}

const inactiveRow = z.object({ id: z.string() });
const inactive = "select id from member where organization_id = $1 and not is_deleted and not active and";
/** By userName, or by the account that holds the address where another organization has moved it. */
const inactiveByAddress = {
  name: "scim_member_inactive_by_address",
  text: `${inactive} (user_name_key = $2 or account_id = (select id from account where email_key = $2)) limit 1`,
};
const inactiveByExternalId = {
  name: "scim_member_inactive_by_external_id",
  text: `${inactive} external_id = $2 limit 1`,
};
