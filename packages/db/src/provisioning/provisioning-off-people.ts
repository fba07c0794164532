import type { OffFacts } from "@rollcall/domain";
import { z } from "zod";
import { changeOfEachCte, changeValue } from "../store/change-log.ts";
import { touched } from "../member/member-row.ts";
import { releaseMappings } from "../role-mapping/role-mapping-end.ts";
import { idOfNow } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

const someone = z.object({ id: z.string(), name: z.string() }).nullable();
const factsRow = z.object({
  managed: z.number(),
  managedInactive: z.number(),
  managedOwners: z.number(),
  otherOwners: z.number(),
  self: someone,
  firstOwner: someone,
});

/** What the rule of turning off asks. Under the organization's lock it holds until the transaction ends. */
export async function readOffFacts(sql: Queryable, { organizationId, actor }: WriteContext): Promise<OffFacts> {
  const [row] = await sql.query(facts, [organizationId, actor.kind === "person" ? actor.id : null]);
  return factsRow.parse(row);
}

type Released = {
  readonly membersReleased: number;
  readonly rolesReleased: number;
  readonly mappingsEnded: number;
};

/**
 * Everybody and their roles stay, and belong to the owners; the mappings of groups end, and what they gave is as if given
 * by hand. In a transaction that has locked the provider out.
 */
export async function releaseDirectory(tx: Queryable, context: WriteContext): Promise<Released> {
  const { organizationId, now } = context;
  const rolesReleased = await countOf(tx, releaseRoles, [organizationId, now]);
  const membersReleased = await inBatches(tx, releaseMembers, [organizationId, now]);
  return { membersReleased, rolesReleased, mappingsEnded: await releaseMappings(tx, context) };
}

/** Everybody stays as managed as they were; the provider's ids go. Returns how many people that are. */
export function forgetExternalIds(tx: Queryable, { organizationId, now }: WriteContext): Promise<number> {
  return inBatches(tx, forgetIds, [organizationId, now]);
}

/**
 * Ends the membership of everybody whom the directory manages but `stayingIds`, as an owner's removal does, with an entry
 * in the log for each. Returns how many those were.
 */
export function removeManaged(tx: Queryable, context: WriteContext, stayingIds: readonly string[]): Promise<number> {
  const nobody = { kind: "member", id: null, name: "" } as const;
  const entry = { ...entryOf(context), kind: "member.removed", subject: nobody } as const;
  return inBatches(tx, removePeople, [context.organizationId, context.now, stayingIds, changeValue([entry])]);
}

/** People of one statement. One for all of them would be ended by the time that a statement may take. */
const batchSize = 5000;
const batchesMax = 1000;
const batchRow = z.object({ count: z.number(), last: z.string().nullable() });

/** Runs a statement that takes people in the order of their ids until there are no more; returns how many they were. */
async function inBatches(tx: Queryable, statement: Statement, values: readonly unknown[]): Promise<number> {
  let [total, after]: [number, string | null] = [0, null];
  for (let batch = 0; batch < batchesMax; batch++) {
    const [row] = await tx.query(statement, [...values, after, batchSize]);
    const { count, last } = batchRow.parse(row);
    total += count;
    after = last;
    if (count < batchSize) return total;
  }
  throw new Error(`There are more than ${batchSize * batchesMax} people.`);
}

type Statement = { readonly name: string; readonly text: string };
/** `chosen` are the people of one batch. */
const counted = "select count(*)::int as count, (select id from chosen order by id desc limit 1) as last from chosen";
const nextPeople = (place: number): string =>
  `and ($${place}::uuid is null or id > $${place}) order by id limit $${place + 1} for update`;

async function countOf(tx: Queryable, statement: Statement, values: readonly unknown[]): Promise<number> {
  const [row] = await tx.query(statement, values);
  return z.object({ count: z.number() }).parse(row).count;
}

const facts = {
  name: "provisioning_off_facts",
  text: `with owner as materialized (select m.id, m.name, m.account_id, m.is_managed, m.active,
      m.active and not m.awaits_acceptance as has_access
    from (select distinct g.organization_id, g.member_id from role r
      join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id
      where r.organization_id = $1 and r.kind = 'owner') held
    join member m on m.organization_id = held.organization_id and m.id = held.member_id and not m.is_deleted)
    select managed.active as managed, managed.inactive as "managedInactive",
      (select count(*)::int from owner where is_managed and active) as "managedOwners",
      (select count(*)::int from owner where has_access and not is_managed) as "otherOwners",
      (select json_build_object('id', id, 'name', name) from owner where is_managed and account_id = $2::uuid) as self,
      (select json_build_object('id', id, 'name', name) from owner where is_managed and has_access order by id limit 1)
        as "firstOwner"
    from (select count(*) filter (where active)::int as active, count(*) filter (where not active)::int as inactive
      from member where organization_id = $1 and not is_deleted and is_managed) managed`,
};

const releaseRoles = {
  name: "provisioning_release_roles",
  text: `with released as (update role set is_scim_created = false, is_linked = false, external_id = null,
      version = version + 1, updated_at = $2
      where organization_id = $1 and deleted_at is null and (is_scim_created or is_linked or external_id is not null)
      returning id)
    select count(*)::int as count from released`,
};
/** The provider's own ids go too: another provider, or the same one later, finds people by their e-mail again. */
const releaseMembers = {
  name: "provisioning_release_members",
  text: `with chosen as materialized (select id from member
      where organization_id = $1 and not is_deleted and is_managed ${nextPeople(3)}),
    released as (update member m set is_managed = false, external_id = null, last_external_id = null, ${touched(2)}
      from chosen where m.organization_id = $1 and m.id = chosen.id)
    ${counted}`,
};
const forgetIds = {
  name: "provisioning_forget_external_ids",
  text: `with chosen as materialized (select id, external_id from member
      where organization_id = $1 and not is_deleted and is_managed ${nextPeople(3)}),
    forgotten as (update member m set external_id = null, last_external_id = null, ${touched(2)}
      from chosen where m.organization_id = $1 and m.id = chosen.id and chosen.external_id is not null)
    ${counted}`,
};

/**
 * As `buryMember`, of many, but the provider's ids go, as they do when people are released. The
 * columns of `logs` are what `changeOfEachCte` wants.
 */
const removePeople = {
  name: "provisioning_remove_members",
  text: `with chosen as materialized (select id, account_id, name, user_name, external_id, active from member
      where organization_id = $1 and not is_deleted and is_managed and id <> all($3::uuid[]) ${nextPeople(5)}),
    gone as (update member m set active = false, deleted_at = $2, external_id = null, last_external_id = null,
        ${touched(2)}
      from chosen where m.organization_id = $1 and m.id = chosen.id),
    ended as (update session s set ended_at = $2 from chosen
      where s.organization_id = $1 and s.account_id = chosen.account_id and s.ended_at is null),
    exempted as (delete from exemption e using chosen where e.organization_id = $1 and e.member_id = chosen.id),
    lost as (delete from role_grant g using chosen where g.organization_id = $1 and g.member_id = chosen.id
      returning g.member_id, g.role_id, g.source),
    held as (select member_id, jsonb_agg(jsonb_build_object('id', role_id, 'source', source) order by source) as roles
      from lost group by member_id),
    logs as (select ${idOfNow} as id, 'member.removed' as kind, chosen.id as subject_id, chosen.name as subject_name,
        jsonb_build_object('active', chosen.active, 'userName', chosen.user_name,
          'externalId', chosen.external_id, 'roles', coalesce(held.roles, '[]')) as before
      from chosen left join held on held.member_id = chosen.id),
    ${changeOfEachCte("logs", 4, ["before"])}
    ${counted}`,
};
