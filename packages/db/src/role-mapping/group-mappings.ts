import { chooseMappings, type GroupMapping, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import { treatEverybody } from "../provisioning/people-job.ts";
import { existingRoles, readProvisioning } from "../provisioning/provisioning-row.ts";
import type { RoleRow } from "../role/role-columns.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { readMappingEffects, type RoleEffect } from "./mapping-preview.ts";

/** The new list in the owners' order, and the list on which the change is based. */
export type MappingsInput = { readonly mappings: readonly GroupMapping[]; readonly basis: readonly GroupMapping[] };

export type MappingsRefusal = Refusal<
  | "roleNotFound"
  | "mappingGroupUnfit"
  | "mappingTargetUnfit"
  | "mappingGroupTwice"
  | "mappingsMoved"
  | "provisioningOff"
>;

/** `inGroup`: the number of people in the group; `decided`: those for whom it is the first match. */
export type ListedMapping = Awaited<ReturnType<typeof listMappings>>[number];

/** The mappings in the owners' order. */
export function listMappings({ db }: Queryable, organizationId: string) {
  return db
    .with("people", (from) =>
      from
        .selectFrom("group_mapping as gm")
        .innerJoin("role_grant as g", "g.roleId", "gm.groupId")
        .innerJoin("member as m", "m.id", "g.memberId")
        .whereRef("g.organizationId", "=", "gm.organizationId")
        .where("g.source", "=", "group")
        .whereRef("m.organizationId", "=", "g.organizationId")
        .where("m.isDeleted", "=", false)
        .where("gm.organizationId", "=", organizationId)
        .distinct()
        .select(["g.memberId", "gm.groupId", "gm.position"]),
    )
    .with("ranked", (from) =>
      from
        .selectFrom("people")
        .select(["groupId", sql<boolean>`position = min(position) over (partition by member_id)`.as("decides")]),
    )
    .selectFrom("group_mapping as gm")
    .innerJoin("role as g", "g.id", "gm.groupId")
    .innerJoin("role as t", "t.id", "gm.targetId")
    .whereRef("g.organizationId", "=", "gm.organizationId")
    .whereRef("t.organizationId", "=", "gm.organizationId")
    .where("gm.organizationId", "=", organizationId)
    .orderBy("gm.position")
    .select(["gm.groupId", "g.name as group", "gm.targetId", "t.name as target"])
    .select((eb) => {
      const inGroup = eb.selectFrom("ranked").whereRef("ranked.groupId", "=", "gm.groupId");
      const count = eb.fn.countAll<number>().as("count");
      return [
        inGroup.select(count).$asScalar().$notNull().as("inGroup"),
        inGroup.where("decides", "=", true).select(count).$asScalar().$notNull().as("decided"),
      ];
    })
    .execute();
}

/** Saves the list and applies it to everybody, in a large organization by a job (docs/decisions/0052). */
export function setMappings(
  database: Database,
  context: WriteContext,
  input: MappingsInput,
): Promise<Result<void, MappingsRefusal>> {
  const subject = { kind: "role", id: null, name: "" } as const;
  const attempt = { kind: "role.mapped", subject, locksOut: true } as const;
  return inOrganization(database, context, attempt, (uow) => saveMappings(uow, input));
}

/** The effect of `setMappings` on people's roles, without a lock. Nothing is logged, nor is a refusal. */
export async function previewMappings(
  database: Database,
  { organizationId }: WriteContext,
  input: MappingsInput,
): Promise<Result<readonly RoleEffect[], MappingsRefusal>> {
  const { sql: own } = database.tenantOf(organizationId);
  const checked = await checkMappings(own, organizationId, input, (roles) => roles);
  return checked.ok ? ok(await readMappingEffects(own, organizationId, input.mappings)) : checked;
}

async function saveMappings(uow: UnitOfWork, input: MappingsInput): Promise<Result<void, MappingsRefusal>> {
  const { db, organizationId, now } = uow;
  // The roles are locked, so that they stay mappable.
  const checked = await checkMappings(uow, organizationId, input, (roles) => roles.forShare());
  if (!checked.ok) return checked;
  const { mappings, basis: before } = input;
  if (isSame(before, mappings)) return ok(undefined);
  await db.deleteFrom("group_mapping").where("organizationId", "=", organizationId).execute();
  const dated = { organizationId, createdAt: now };
  const rows = mappings.map(({ groupId, targetId }, place) => ({ ...dated, groupId, targetId, position: place + 1 }));
  if (rows.length > 0) await db.insertInto("group_mapping").values(rows).execute();
  for (const entry of entriesOf(before, mappings, checked.value)) uow.log(entry);
  await treatEverybody(uow);
  return ok(undefined);
}

type RolesQuery = ReturnType<typeof existingRoles>;

/** Checks a list against the saved one, the roles and the state of provisioning; returns the roles by id. */
async function checkMappings(
  queryable: Queryable,
  organizationId: string,
  { mappings, basis }: MappingsInput,
  hold: (roles: RolesQuery) => RolesQuery,
): Promise<Result<ReadonlyMap<string, RoleRow>, MappingsRefusal>> {
  const own = queryable.db.selectFrom("group_mapping").where("organizationId", "=", organizationId);
  const before = await own.orderBy("position").select(["groupId", "targetId"]).execute();
  if (!isSame(before, basis)) return err({ kind: "mappingsMoved" });
  const ids = [...mappings, ...before].flatMap(({ groupId, targetId }) => [groupId, targetId]);
  const named = existingRoles(queryable, organizationId).where("r.id", "=", (eb) => eb.fn.any(eb.val(ids)));
  const roles: readonly RoleRow[] = await hold(named.orderBy("r.id")).execute();
  const rolesById = new Map(roles.map((role) => [role.id, role]));
  const chosen = chooseMappings(mappings, rolesById);
  if (!chosen.ok) return chosen;
  const { isEnabled } = await readProvisioning(queryable, organizationId);
  return isEnabled ? ok(rolesById) : err({ kind: "provisioningOff" });
}

type Entry = Parameters<UnitOfWork["log"]>[0];

/** One entry for each group whose target has changed, and one if the remaining groups change their order. */
function entriesOf(
  before: readonly GroupMapping[],
  after: readonly GroupMapping[],
  rolesById: ReadonlyMap<string, { readonly name: string }>,
): Entry[] {
  const nameOf = (id: string): string => rolesById.get(id)?.name ?? "";
  const subject = (id: string) => ({ kind: "role", id, name: nameOf(id) }) as const;
  const side = (mapping: GroupMapping | undefined): object | null =>
    mapping === undefined ? null : { roleId: mapping.targetId, role: nameOf(mapping.targetId) };
  const formerly = (id: string) => before.find(({ groupId }) => groupId === id);
  const ended = before.filter(({ groupId }) => after.every((one) => one.groupId !== groupId));
  const changed = after.filter(({ groupId, targetId }) => formerly(groupId)?.targetId !== targetId);
  const places = (from: readonly GroupMapping[], beside: readonly GroupMapping[]): string[] =>
    from.map(({ groupId }) => groupId).filter((id) => beside.some(({ groupId }) => groupId === id));
  const [former, order] = [places(before, after), places(after, before)];
  return [
    ...ended.map((one): Entry => ({ kind: "role.unmapped", subject: subject(one.groupId), before: side(one) })),
    ...changed.map((one): Entry => {
      const [from, to] = [side(formerly(one.groupId)), side(one)];
      return { kind: "role.mapped", subject: subject(one.groupId), before: from, after: to };
    }),
    ...(former.join() === order.join()
      ? []
      : [
          {
            kind: "role.mappings_ordered",
            subject: { kind: "role", id: null, name: "" },
            before: { groups: former.map(nameOf) },
            after: { groups: order.map(nameOf) },
          } as const,
        ]),
  ];
}

function isSame(some: readonly GroupMapping[], others: readonly GroupMapping[]): boolean {
  const text = (list: readonly GroupMapping[]): string =>
    list.map(({ groupId, targetId }) => `${groupId}>${targetId}`).join();
  return text(some) === text(others);
}
