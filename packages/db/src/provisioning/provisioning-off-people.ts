import { emailKey, type OffFacts } from "@rollcall/domain";
import { sql } from "kysely";
import { jsonObjectFrom } from "kysely/helpers/postgres";
import { ownersAsMembers } from "../member/active-owners.ts";
import { keptCount, touchedAt } from "../member/member-columns.ts";
import { SessionSchema } from "../model/account.ts";
import { InvitationSchema } from "../model/organization.ts";
import { anyId } from "../store/id.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import type { UnitOfWork } from "../store/unit-of-work.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/** The facts for turning provisioning off, stable under the organization's lock until the transaction ends. */
export async function readOffFacts({ db }: Queryable, { organizationId, actor }: WriteContext): Promise<OffFacts> {
  return db
    .with(
      (cte) => cte("owner").materialized(),
      () => ownersAsMembers(db, organizationId),
    )
    .selectNoFrom((eb) => {
      const count = eb.fn.countAll<number>().as("count");
      const counts = eb.selectFrom("member_count").where("organizationId", "=", organizationId);
      const managed = eb.selectFrom("owner").where("owner.isManaged", "=", true);
      const active = managed.where("owner.active", "=", true).select(count);
      const others = eb.selectFrom("owner").where("owner.isManaged", "=", false).where("owner.hasAccess", "=", true);
      const self = managed.where("owner.accountId", "=", actor.kind === "person" ? actor.id : null);
      const first = managed.where("owner.hasAccess", "=", true).orderBy("owner.id").limit(1);
      return [
        counts
          .select(keptCount(sql`active`).as("count"))
          .$asScalar()
          .$notNull()
          .as("managed"),
        counts
          .select(keptCount(sql`managed - active`).as("count"))
          .$asScalar()
          .$notNull()
          .as("managedInactive"),
        active.$asScalar().$notNull().as("managedOwners"),
        others.select(count).$asScalar().$notNull().as("otherOwners"),
        jsonObjectFrom(self.select(["owner.id", "owner.name"])).as("self"),
        jsonObjectFrom(first.select(["owner.id", "owner.name"])).as("firstOwner"),
      ];
    })
    .executeTakeFirstOrThrow();
}

/** Leaves the roles of the directory to the owners; returns their number. */
export async function releaseRoles({ db, organizationId, now }: UnitOfWork): Promise<number> {
  const roles = await db
    .updateTable("role")
    .set({ isScimCreated: false, isLinked: false, externalId: null, updatedAt: now })
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("organizationId", "=", organizationId)
    .where("deletedAt", "is", null)
    .where((eb) => eb.or([eb("isScimCreated", "=", true), eb("isLinked", "=", true), eb("externalId", "is not", null)]))
    .executeTakeFirst();
  return Number(roles.numUpdatedRows);
}

/** The ids of the managed owners. */
export async function managedOwnerIds({ db, organizationId }: UnitOfWork): Promise<readonly string[]> {
  const owners = await ownersAsMembers(db, organizationId).where("o.isManaged", "=", true).execute();
  return owners.map(({ id }) => id);
}

export type ManagedPerson = Awaited<ReturnType<typeof lockManaged>>[number];

/** Locks the managed people of `which`, in the order of their ids: the next `limit` ones after an id, or those listed. */
export function lockManaged(
  { db, organizationId }: UnitOfWork,
  which: { readonly after: string; readonly limit: number } | { readonly ids: readonly string[] },
) {
  const managed = db
    .selectFrom("member")
    .where("organizationId", "=", organizationId)
    .where("isDeleted", "=", false)
    .where("isManaged", "=", true);
  const chosen =
    "ids" in which
      ? managed.where("id", "=", anyId(which.ids))
      : managed.where("id", ">", which.after).limit(which.limit);
  return chosen
    .orderBy("id")
    .forUpdate()
    .select(["id", "accountId", "name", "userName", "externalId", "active"])
    .execute();
}

/** Leaves people to the owners. Without external ids, the next provider matches them by their email. */
export async function releasePeople(uow: UnitOfWork, people: readonly ManagedPerson[]): Promise<void> {
  await ofPeople(uow, people)
    .set({ isManaged: false, externalId: null, lastExternalId: null, ...touchedAt(uow.now) })
    .execute();
}

/** Deletes the external ids of people who stay managed. */
export async function forgetExternalIds(uow: UnitOfWork, people: readonly ManagedPerson[]): Promise<void> {
  await ofPeople(uow, people)
    .set({ externalId: null, lastExternalId: null, ...touchedAt(uow.now) })
    .where((eb) => eb.or([eb("externalId", "is not", null), eb("lastExternalId", "is not", null)]))
    .execute();
}

/** Removes people, with an entry in the log for each. */
export async function removePeople(uow: UnitOfWork, people: readonly ManagedPerson[]): Promise<void> {
  const { db, em, organizationId, now } = uow;
  // Before the members: their removal deletes the remaining grants, one by one and without a trace in the log.
  const lost = await db
    .deleteFrom("role_grant")
    .where("organizationId", "=", organizationId)
    .where("memberId", "=", anyOf(people))
    .returning(["memberId", "roleId as id", "source"])
    .execute();
  await ofPeople(uow, people)
    .set({ active: false, deletedAt: now, externalId: null, lastExternalId: null, ...touchedAt(now) })
    .execute();
  const accountId = { $in: people.flatMap((person) => person.accountId ?? []) };
  await em.nativeUpdate(SessionSchema, { organizationId, accountId, endedAt: null }, { endedAt: now });
  const accounts = await db.selectFrom("account").where("id", "=", anyId(accountId.$in)).select("emailKey").execute();
  const own = accounts.flatMap(({ emailKey: key }) => key ?? []);
  const key = { $in: [...people.map(({ userName }) => emailKey(userName)), ...own] };
  const open = { organizationId, emailKey: key, endReason: null };
  await em.nativeUpdate(InvitationSchema, open, { endedAt: now, endReason: "revoked" });
  const lostByMember = Map.groupBy(lost, ({ memberId }) => memberId);
  const entries = people.map(({ id, name, active, userName, externalId }) => {
    const grants = (lostByMember.get(id) ?? []).map((grant) => ({ id: grant.id, source: grant.source }));
    const roles = grants.sort((a, b) => a.source.localeCompare(b.source));
    const subject = { kind: "member", id, name } as const;
    const before = { active, userName, externalId, roles };
    return { ...entryOf(uow), kind: "member.removed", subject, before } as const;
  });
  await recordChanges(uow, entries);
}

const anyOf = (people: readonly ManagedPerson[]) => anyId(people.map(({ id }) => id));

function ofPeople({ db, organizationId }: UnitOfWork, people: readonly ManagedPerson[]) {
  return db.updateTable("member").where("organizationId", "=", organizationId).where("id", "=", anyOf(people));
}
