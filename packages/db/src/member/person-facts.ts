import type { AbsenceFacts, ChangeKind, PresentFacts, DatedChange } from "@rollcall/domain";
import { activityOf, changesOf, entryColumns } from "../change/activity.ts";
import { isSuspended } from "../invitation/invitation-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { isExempt, isOwner } from "./member-columns.ts";
import { memberStatus, type MemberStatus } from "./member-list.ts";

export type PersonOfAddress = PresentFacts & { readonly isDeleted: boolean };

/**
 * The member of that name or id, or the last removed one, with the log entry that explains the state. `memberId` must
 * be a UUID.
 */
export async function readPerson(
  { db }: Queryable,
  organizationId: string,
  who: { readonly userNameKey: string } | { readonly memberId: string },
): Promise<PersonOfAddress | undefined> {
  const people = peopleOf(db, organizationId);
  const found = await (
    "memberId" in who
      ? people.where("m.id", "=", who.memberId)
      : namedBy(people.where("m.userNameKey", "=", who.userNameKey))
  ).executeTakeFirst();
  if (found === undefined) return undefined;
  const kinds = found.isDeleted ? endings : beginnings[found.status];
  return { ...found, entry: await lastEntry(db, organizationId, found.id, kinds) };
}

function peopleOf(db: Queryable["db"], organizationId: string) {
  return db
    .selectFrom("member as m")
    .where("m.organizationId", "=", organizationId)
    .select(["m.id", "m.name", "m.userName", "m.isManaged", "m.isDeleted"])
    .select([memberStatus.as("status"), isOwner.$castTo<boolean>().as("isOwner")])
    .select(isExempt("sso").as("isSsoExempt"));
}

/** The present member, or the last removed one, each found by its own index. */
function namedBy(people: ReturnType<typeof peopleOf>) {
  const removed = people.where("m.isDeleted", "=", true).orderBy("m.deletedAt", "desc").limit(1);
  return people
    .where("m.isDeleted", "=", false)
    .unionAll((eb) => eb.parens(removed))
    .orderBy("isDeleted")
    .limit(1);
}

/** The kinds of entries that explain a state. */
const beginnings = {
  active: [],
  awaiting: ["member.created", "member.revived"],
  inactive: ["member.deactivated", "member.created", "member.revived"],
} as const satisfies Record<MemberStatus, readonly ChangeKind[]>;
const endings = ["member.deleted", "member.removed", "member.left"] as const;

async function lastEntry(
  db: Queryable["db"],
  organizationId: string,
  memberId: string,
  kinds: readonly ChangeKind[],
): Promise<DatedChange | null> {
  if (kinds.length === 0) return null;
  const changes = changesOf(db, organizationId).where("c.subjectId", "=", memberId).where("c.refusal", "is", null);
  const entries = changes.where("c.kind", "in", kinds).select(entryColumns).orderBy("c.id", "desc").limit(1);
  const row = await entries.executeTakeFirst();
  return row === undefined ? null : activityOf(row);
}

/** The newest invitation that was not accepted. `key`: see `emailKey`. */
export async function readInvitation(
  { db }: Queryable,
  organizationId: string,
  key: string,
  now: Date,
): Promise<AbsenceFacts["invitation"]> {
  const found = await db
    .selectFrom("invitation as i")
    .where((eb) => eb.and({ "i.organizationId": organizationId, "i.emailKey": key }))
    .where((eb) => eb.or({ "i.endedAt": null, "i.endReason": "revoked" }))
    .select(["i.sentAt", "i.expiresAt", "i.endedAt"])
    .select(isSuspended(db).as("isSuspended"))
    .orderBy("i.id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (found === undefined) return null;
  if (found.endedAt !== null) return { state: "revoked", at: found.endedAt };
  if (found.expiresAt <= now) return { state: "expired", at: found.expiresAt };
  return { state: found.isSuspended ? "suspended" : "open", at: found.sentAt };
}
