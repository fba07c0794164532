import { emailKey, type MemberInput, type Refusal } from "@rollcall/domain";
import { sql } from "kysely";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

export type AddRefusal = Refusal<"userNameNotEmail" | "userNameTaken" | "externalIdTaken">;

/** Logs the refusal of a POST and returns it with the id of an inactive member, whom the provider can update. */
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

async function withInactive({ db }: Queryable, organizationId: string, refusal: AddRefusal): Promise<AddRefusal> {
  if (refusal.kind === "userNameNotEmail") return refusal;
  const inactive = db
    .selectFrom("member")
    .where("organizationId", "=", organizationId)
    .where("isDeleted", "=", sql.lit(false))
    .where("active", "=", sql.lit(false))
    .select("id")
    .limit(1);
  const found =
    refusal.kind === "userNameTaken"
      ? inactive.where(hasAddress(emailKey(refusal.userName)))
      : inactive.where("externalId", "=", refusal.externalId);
  const member = await found.executeTakeFirst();
  return member === undefined ? refusal : { ...refusal, inactiveId: member.id };
}

/** By userName, or by the account of the address, if another organization has changed it. */
const hasAddress = (key: string) =>
  sql<boolean>`(user_name_key = ${key} or account_id = (select id from account where email_key = ${key}))`;
