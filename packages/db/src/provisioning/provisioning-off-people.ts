import type { OffFacts } from "@rollcall/domain";
import { sql } from "kysely";
import { jsonObjectFrom } from "kysely/helpers/postgres";
import { touchedAt } from "../member/member-columns.ts";
import { SessionSchema } from "../model/account.ts";
import { ExemptionSchema } from "../model/member.ts";
import { releaseMappings } from "../role-mapping/role-mapping-end.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import type { UnitOfWork } from "../store/unit-of-work.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/** The grants `g` of owners' roles. */
export function ownersOf(db: Queryable["db"], organizationId: string) {
  return db
    .selectFrom("role as r")
    .innerJoin("role_grant as g", (on) =>
      on.onRef("g.organizationId", "=", "r.organizationId").onRef("g.roleId", "=", "r.id"),
    )
    .where("r.organizationId", "=", organizationId)
    .where("r.kind", "=", "owner");
}

/** The facts for turning provisioning off. Under the organization's lock they are stable until the transaction ends. */
export function readOffFacts({ db }: Queryable, { organizationId, actor }: WriteContext): Promise<OffFacts> {
  const held = ownersOf(db, organizationId).distinct().select(["g.organizationId", "g.memberId"]).as("held");
  const owner = db
    .selectFrom(held)
    .innerJoin("member as m", (on) =>
      on.onRef("m.organizationId", "=", "held.organizationId").onRef("m.id", "=", "held.memberId"),
    )
    .where("m.isDeleted", "=", false)
    .select(["m.id", "m.name", "m.accountId", "m.isManaged", "m.active"])
    .select((eb) => eb.and([eb("m.active", "=", true), eb("m.awaitsAcceptance", "=", false)]).as("hasAccess"));
  return db
    .with(
      (cte) => cte("owner").materialized(),
      () => owner,
    )
    .selectFrom("member")
    .where("organizationId", "=", organizationId)
    .where("isDeleted", "=", false)
    .where("isManaged", "=", true)
    .select((eb) => {
      const count = eb.fn.countAll<number>();
      const managed = eb.selectFrom("owner").where("owner.isManaged", "=", true);
      const active = managed.where("owner.active", "=", true).select(count.as("count"));
      const others = eb.selectFrom("owner").where("owner.isManaged", "=", false).where("owner.hasAccess", "=", true);
      const self = managed.where("owner.accountId", "=", actor.kind === "person" ? actor.id : null);
      const first = managed.where("owner.hasAccess", "=", true).orderBy("owner.id").limit(1);
      return [
        count.filterWhere("active", "=", true).as("managed"),
        count.filterWhere("active", "=", false).as("managedInactive"),
        active.$asScalar().$notNull().as("managedOwners"),
        others.select(count.as("count")).$asScalar().$notNull().as("otherOwners"),
        jsonObjectFrom(self.select(["owner.id", "owner.name"])).as("self"),
        jsonObjectFrom(first.select(["owner.id", "owner.name"])).as("firstOwner"),
      ];
    })
    .executeTakeFirstOrThrow();
}

type Released = {
  readonly membersReleased: number;
  readonly rolesReleased: number;
  readonly mappingsEnded: number;
};

/**
 * Leaves the directory's people and roles to the owners. Group mappings end, and their grants become manual. Must run
 * in a transaction that blocks SCIM writes.
 */
export async function releaseDirectory(uow: UnitOfWork): Promise<Released> {
  const { db, organizationId, now } = uow;
  const roles = await db
    .updateTable("role")
    .set({ isScimCreated: false, isLinked: false, externalId: null, updatedAt: now })
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("organizationId", "=", organizationId)
    .where("deletedAt", "is", null)
    .where((eb) => eb.or([eb("isScimCreated", "=", true), eb("isLinked", "=", true), eb("externalId", "is not", null)]))
    .executeTakeFirst();
  // Without external ids, the next provider matches people by their email.
  const membersReleased = await inBatches(uow, [], async (people) => {
    await ofPeople(uow, people)
      .set({ isManaged: false, externalId: null, lastExternalId: null, ...touchedAt(now) })
      .execute();
  });
  const mappingsEnded = await releaseMappings(uow, uow);
  return { membersReleased, rolesReleased: Number(roles.numUpdatedRows), mappingsEnded };
}

/** Deletes the external ids of managed people, who stay managed. Returns their number. */
export function forgetExternalIds(uow: UnitOfWork): Promise<number> {
  return inBatches(uow, [], async (people) => {
    await ofPeople(uow, people)
      .set({ externalId: null, lastExternalId: null, ...touchedAt(uow.now) })
      .where("externalId", "is not", null)
      .execute();
  });
}

/** Removes all managed people except `stayingIds`, with an entry in the log for each. Returns their number. */
export function removeManaged(uow: UnitOfWork, stayingIds: readonly string[]): Promise<number> {
  const { db, em, organizationId, now } = uow;
  return inBatches(uow, stayingIds, async (people) => {
    await ofPeople(uow, people)
      .set({ active: false, deletedAt: now, externalId: null, lastExternalId: null, ...touchedAt(now) })
      .execute();
    const accountId = { $in: people.flatMap((person) => person.accountId ?? []) };
    await em.nativeUpdate(SessionSchema, { organizationId, accountId, endedAt: null }, { endedAt: now });
    await em.nativeDelete(ExemptionSchema, { organizationId, memberId: { $in: people.map(({ id }) => id) } });
    const lost = await db
      .deleteFrom("role_grant")
      .where("organizationId", "=", organizationId)
      .where("memberId", "=", anyOf(people))
      .returning(["memberId", "roleId as id", "source"])
      .execute();
    const lostByMember = Map.groupBy(lost, ({ memberId }) => memberId);
    const entries = people.map(({ id, name, active, userName, externalId }) => {
      const grants = (lostByMember.get(id) ?? []).map((grant) => ({ id: grant.id, source: grant.source }));
      const roles = grants.sort((a, b) => a.source.localeCompare(b.source));
      const subject = { kind: "member", id, name } as const;
      const before = { active, userName, externalId, roles };
      return { ...entryOf(uow), kind: "member.removed", subject, before } as const;
    });
    await recordChanges(uow, entries);
  });
}

/** People per statement. One statement for all of them would reach the statement timeout. */
const batchSize = 5000;
const batchesMax = 1000;
const firstId = "00000000-0000-0000-0000-000000000000";

type Person = Awaited<ReturnType<typeof lockManaged>>[number];

/** Changes the managed people except `stayingIds`, in the order of their ids; returns their number. */
async function inBatches(
  uow: UnitOfWork,
  stayingIds: readonly string[],
  change: (people: readonly Person[]) => Promise<void>,
): Promise<number> {
  let [total, after] = [0, firstId];
  for (let batch = 0; batch < batchesMax; batch++) {
    const people = await lockManaged(uow, stayingIds, after);
    if (people.length > 0) await change(people);
    total += people.length;
    const last = people.at(-1);
    if (last === undefined || people.length < batchSize) return total;
    after = last.id;
  }
  throw new Error(`There are more than ${batchSize * batchesMax} people.`);
}

function lockManaged({ db, organizationId }: UnitOfWork, stayingIds: readonly string[], after: string) {
  return db
    .selectFrom("member")
    .where("organizationId", "=", organizationId)
    .where("isDeleted", "=", false)
    .where("isManaged", "=", true)
    .where("id", ">", after)
    .where("id", "<>", sql<string>`all(${stayingIds}::uuid[])`)
    .orderBy("id")
    .limit(batchSize)
    .forUpdate()
    .select(["id", "accountId", "name", "userName", "externalId", "active"])
    .execute();
}

const anyOf = (people: readonly Person[]) => sql<string>`any(${people.map(({ id }) => id)}::uuid[])`;

function ofPeople({ db, organizationId }: UnitOfWork, people: readonly Person[]) {
  return db.updateTable("member").where("organizationId", "=", organizationId).where("id", "=", anyOf(people));
}
