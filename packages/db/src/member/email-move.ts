import { emailKey, type Actor } from "@rollcall/domain";
import { sql } from "kysely";
import { freeAddress } from "../account/address-release.ts";
import { endChanges, endMailedChanges, endMailedInvitations, endResets } from "../account/link-end.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";
import { touchedAt } from "./member-columns.ts";
import type { MemberRow } from "./member-columns.ts";

const rollcall: Actor = { kind: "system", id: null, name: "" };

/**
 * Moves the account to a new address, here and where nobody manages the person. In a transaction. Other organizations
 * find it in their own log, where it says nothing of this one.
 */
export async function moveEmail(
  tx: Queryable,
  { organizationId, now }: WriteContext,
  { accountId }: MemberRow,
  email: string,
): Promise<void> {
  // A name that awaits acceptance moves alone.
  if (accountId === null) return;
  await moveAccountEmail(tx, { accountId, email, now, actor: rollcall, requestId: null, organizationId });
}

/** As `moveEmail`, by the person, whose userName is the new address wherever nobody manages them. */
export function moveOwnEmail(
  tx: Queryable,
  move: { readonly accountId: string; readonly email: string; readonly now: Date; readonly requestId: string | null },
): Promise<void> {
  return moveAccountEmail(tx, {
    ...move,
    actor: { kind: "person", id: move.accountId, name: "" },
    organizationId: null,
  });
}

/** `organizationId`: where the member's name is moved by somebody else; `actor` without a name: the member's own. */
type Move = Pick<WriteContext, "now" | "actor" | "requestId"> & {
  readonly accountId: string;
  readonly email: string;
  readonly organizationId: string | null;
};

async function moveAccountEmail(tx: Queryable, move: Move): Promise<void> {
  const { email, now, requestId, actor } = move;
  await freeAddress(tx, move);
  await moveAccount(tx, move);
  const followed = await followElsewhere(tx, move);
  await recordChanges(
    tx,
    followed.map(({ organizationId, id, name, userName }) => ({
      organizationId,
      at: now,
      requestId,
      actor: actor.kind === "person" ? { ...actor, name } : actor,
      subject: { kind: "member", id, name },
      kind: "member.email_changed",
      before: { userName },
      after: { userName: email },
    })),
  );
}

/**
 * Links that went to the former address end with it, whoever moves the account, and so do those that others had mailed to
 * the new one. Invitations to it stay where the person moves there, who has just read a mail of that address.
 */
async function moveAccount({ db }: Queryable, { accountId, email, now, organizationId }: Move): Promise<void> {
  const key = emailKey(email);
  await db
    .with("changes", endChanges(accountId, now))
    .with("resets", endResets(accountId, now))
    .with("mailed", endMailedChanges(key, now, sql`account_id <> ${accountId}`))
    .with("invited", endMailedInvitations(key, now, sql`organization_id <> ${organizationId}::uuid`))
    .updateTable("account")
    .set({ email, emailKey: key, addressProvenAt: null, updatedAt: now })
    .where("id", "=", accountId)
    .execute();
}

/** Where nobody manages the person, the member's name is the account's address, and goes with it. */
function followElsewhere({ db }: Queryable, { accountId, email, now, organizationId }: Move) {
  return db
    .with(
      (cte) => cte("former").materialized(),
      (from) =>
        from
          .selectFrom("member")
          .where("accountId", "=", accountId)
          .where("organizationId", "is distinct from", organizationId)
          .where("isManaged", "=", sql.lit(false))
          .where("isDeleted", "=", sql.lit(false))
          .select(["organizationId", "id", "userName"])
          .orderBy("organizationId")
          .forNoKeyUpdate(),
    )
    .updateTable("member as m")
    .from("former")
    .set({ userName: email, userNameKey: emailKey(email), ...touchedAt(now) })
    .whereRef("m.organizationId", "=", "former.organizationId")
    .whereRef("m.id", "=", "former.id")
    .returning(["m.organizationId", "m.id", "m.name", "former.userName"])
    .execute();
}
