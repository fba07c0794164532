import { emailKey, type Actor } from "@rollcall/domain";
import { sql } from "kysely";
import { freeAddress } from "../account/address-release.ts";
import { endChanges, endMailedChanges, endMailedInvitations, endResets } from "../account/link-end.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";
import { touchedAt, type MemberRow } from "./member-columns.ts";

const rollcall: Actor = { kind: "system", id: null, name: "" };

/**
 * Changes the account's address, here and in organizations that do not manage the person. Other organizations log it
 * without naming this one. Must run in a transaction.
 */
export async function moveEmail(
  tx: Queryable,
  { organizationId, now }: WriteContext,
  { accountId }: MemberRow,
  email: string,
): Promise<void> {
  // A pending membership has no account.
  if (accountId === null) return;
  await moveAccountEmail(tx, { accountId, email, now, actor: rollcall, requestId: null, organizationId });
}

/** As `moveEmail`, by the person; sets the userName wherever no directory manages the person. */
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

/** `organizationId`: the organization of an actor other than the person; `actor` without a name: the member's own. */
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
 * Ends the links mailed to the former address, and those that others had mailed to the new one. Invitations of this
 * organization to the new address stay, because the person has just read a mail there.
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

/**
 * The userName of an unmanaged member is the account's address and changes with it, except where the organization's
 * directory has given the name to a membership of its own, which nobody else may notice (rule 5b).
 */
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
          .where((eb) =>
            eb.not(
              eb.exists(
                eb
                  .selectFrom("member as taken")
                  .whereRef("taken.organizationId", "=", "member.organizationId")
                  .where("taken.userNameKey", "=", emailKey(email))
                  .where("taken.isDeleted", "=", sql.lit(false))
                  .whereRef("taken.id", "<>", "member.id")
                  .select("taken.id"),
              ),
            ),
          )
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
