import { chooseMappings, type GroupMapping, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { applyMappings } from "./role-mapping.ts";
import { roleColumns, roleOf, type RoleRow } from "../role/role-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { readProvisioning } from "../provisioning/provisioning-row.ts";
import { rehearse, type RoleEffect } from "../store/rehearsal.ts";

/** The whole list in the owners' order, and the list that they had before them as they changed it. */
export type MappingsWish = { readonly mappings: readonly GroupMapping[]; readonly basis: readonly GroupMapping[] };

export type MappingsRefusal = Refusal<
  | "roleNotFound"
  | "mappingGroupUnfit"
  | "mappingTargetUnfit"
  | "mappingGroupTwice"
  | "mappingsMoved"
  | "provisioningOff"
>;

const mappingRow = z.object({ groupId: z.string(), group: z.string(), targetId: z.string(), target: z.string() });
export type ListedMapping = Readonly<z.infer<typeof mappingRow>> & {
  /** In the group, and those of them for whom no earlier mapping decides. */
  readonly inGroup: number;
  readonly decided: number;
};

/** The mappings in the owners' order. */
export async function listMappings(sql: Queryable, organizationId: string): Promise<readonly ListedMapping[]> {
  const counts = z.object({ inGroup: z.number(), decided: z.number() });
  return (await sql.query(listed, [organizationId])).map((row) => ({ ...mappingRow.parse(row), ...counts.parse(row) }));
}

/** Saves the whole list and applies it to everybody at once, with the provider's writes held up meanwhile. */
export function setMappings(
  database: Database,
  context: WriteContext,
  wish: MappingsWish,
): Promise<Result<void, MappingsRefusal>> {
  const subject = { kind: "role", id: null, name: "" } as const;
  const attempt = { kind: "role.mapped", subject, locksOut: true } as const;
  return inOrganization(database, context, attempt, (tx) => saveMappings(tx, context, wish));
}

/** What `setMappings` would do to people's roles. */
export function previewMappings(
  database: Database,
  context: WriteContext,
  wish: MappingsWish,
): Promise<Result<readonly RoleEffect[], MappingsRefusal>> {
  return rehearse(database, context, (tx) => saveMappings(tx, context, wish));
}

async function saveMappings(
  tx: Queryable,
  context: WriteContext,
  { mappings, basis }: MappingsWish,
): Promise<Result<void, MappingsRefusal>> {
  const { organizationId, now } = context;
  const before = await readMappings(tx, organizationId);
  if (!isSame(before, basis)) return err({ kind: "mappingsMoved" });
  const ids = [...mappings, ...before].flatMap(({ groupId, targetId }) => [groupId, targetId]);
  const roles = (await tx.query(rolesByIds, [organizationId, ids])).flatMap((row) => roleOf(row) ?? []);
  const rolesById = new Map(roles.map((role) => [role.id, role]));
  const chosen = chooseMappings(mappings, rolesById);
  if (!chosen.ok) return chosen;
  const { isEnabled } = await readProvisioning(tx, organizationId);
  if (!isEnabled) return err({ kind: "provisioningOff" });
  if (isSame(before, mappings)) return ok(undefined);
  await tx.query(clear, [organizationId]);
  await tx.query(insert, [
    organizationId,
    mappings.map(({ groupId }) => groupId),
    mappings.map(({ targetId }) => targetId),
    now,
  ]);
  await recordChanges(
    tx,
    entriesOf(before, mappings, rolesById).map((entry) => ({ ...entryOf(context), ...entry })),
  );
  await applyMappings(tx, context, { memberIds: "everybody" });
  return ok(undefined);
}

type Entry = Pick<NewChange, "kind" | "subject" | "before" | "after">;

/** One entry for each group whose target is another than before, and one where those that were and are change places. */
function entriesOf(
  before: readonly GroupMapping[],
  after: readonly GroupMapping[],
  rolesById: ReadonlyMap<string, RoleRow>,
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

async function readMappings(tx: Queryable, organizationId: string): Promise<readonly GroupMapping[]> {
  const row = z.object({ groupId: z.string(), targetId: z.string() });
  return (await tx.query(plain, [organizationId])).map((one) => row.parse(one));
}

const plain = {
  name: "group_mappings_plain",
  text: `select group_id as "groupId", target_id as "targetId" from group_mapping
    where organization_id = $1 order by position`,
};
const listed = {
  name: "group_mappings",
  text: `with people as (select distinct g.member_id, gm.group_id, gm.position from group_mapping gm
      join role_grant g on g.organization_id = gm.organization_id and g.role_id = gm.group_id and g.source = 'group'
      join member m on m.organization_id = g.organization_id and m.id = g.member_id and not m.is_deleted
      where gm.organization_id = $1),
    ranked as (select group_id, position = min(position) over (partition by member_id) as decides from people)
    select gm.group_id as "groupId", g.name as "group", gm.target_id as "targetId", t.name as target,
      (select count(*)::int from ranked where ranked.group_id = gm.group_id) as "inGroup",
      (select count(*)::int from ranked where ranked.group_id = gm.group_id and decides) as decided
    from group_mapping gm join role g on g.organization_id = gm.organization_id and g.id = gm.group_id
    join role t on t.organization_id = gm.organization_id and t.id = gm.target_id
    where gm.organization_id = $1 order by gm.position`,
};
/** Held, so that no role changes its nature before it is mapped. */
const rolesByIds = {
  name: "group_mapping_roles",
  text: `select ${roleColumns} from role r where organization_id = $1 and id = any($2::uuid[]) and deleted_at is null
    order by id for share`,
};
const clear = { name: "group_mappings_clear", text: "delete from group_mapping where organization_id = $1" };
const insert = {
  name: "group_mappings_add",
  text: `insert into group_mapping (organization_id, group_id, target_id, position, created_at)
    select $1, group_id, target_id, place, $4
    from unnest($2::uuid[], $3::uuid[]) with ordinality as wish (group_id, target_id, place)`,
};
