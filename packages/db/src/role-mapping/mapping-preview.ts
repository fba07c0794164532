import type { GroupMapping } from "@rollcall/domain";
import { sql, type Kysely, type NotNull, type QueryCreator, type RawBuilder } from "kysely";
import { jsonTable } from "../store/json-table.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import { ofEither } from "./role-mapping.ts";

/** The effect on one role: how many people gain or lose it, and the first five by name. */
export type RoleEffect = Readonly<Record<"roleId" | "role", string>> & {
  readonly isGain: boolean;
  readonly count: number;
  readonly names: readonly string[];
};

const columns = [
  ["groupId", "uuid"],
  ["targetId", "uuid"],
  ["position", "integer"],
] as const;

/**
 * The effect of these mappings, in their order, on the roles of people with access, without a lock: what `applyMappings`
 * would change (a property test compares the two). Omits roles that a person has from another source too.
 */
export async function readMappingEffects(
  queryable: Queryable,
  organizationId: string,
  mappings: readonly GroupMapping[],
): Promise<readonly RoleEffect[]> {
  const rows = mappings.map(({ groupId, targetId }, position) => ({ groupId, targetId, position }));
  return queryable.run(effects, { organizationId, mappings: JSON.stringify(rows) });
}

type Params = { readonly organizationId: string; readonly mappings: string };

/** What the mappings give: the first one that matches decides. */
const wanted = (db: QueryCreator<Tables>, p: Parameter<Params>) =>
  db
    .selectFrom(jsonTable(p("mappings"), columns, "gm"))
    .innerJoin("role_grant as g", "g.roleId", "gm.groupId")
    .where("g.organizationId", "=", p("organizationId"))
    .where("g.source", "=", sql.lit("group"))
    .distinctOn("g.memberId")
    .orderBy("g.memberId")
    .orderBy("gm.position")
    .select(["g.memberId", "gm.targetId as roleId"]);

/** The grants of mappings, by the roles that have any, because the grants have no index by source. */
const held = (db: QueryCreator<Tables>, p: Parameter<Params>) =>
  db
    .selectFrom("role_grant as g")
    .where("g.organizationId", "=", p("organizationId"))
    .where("g.source", "=", sql.lit("mapping"))
    .where("g.roleId", "in", (eb) =>
      eb
        .selectFrom("role_grant_count")
        .where("organizationId", "=", p("organizationId"))
        .where("source", "=", sql.lit("mapping"))
        .select("roleId"),
    )
    .select(["g.memberId", "g.roleId"]);

/** Whether the person has the role, from a source of which `and` says more. */
const has = (person: string, p: Parameter<Params>, and: RawBuilder<boolean>) =>
  sql<boolean>`exists (select from role_grant o where o.organization_id = ${p("organizationId")}
    and o.member_id = ${sql.ref(`${person}.member_id`)} and ${and})`;

/** A lost role counts if the person has it from no other source, and a gained one if they do not have it yet. */
const isEffect = (p: Parameter<Params>) =>
  sql<boolean>`not ${has("moved", p, sql<boolean>`o.role_id = moved.role_id and (moved.is_gain or o.source <> 'mapping')`)}
    and (moved.is_gain or (moved.member_id, moved.role_id) not in (select member_id, role_id from kept))`;

/** The grants `moved` that would be added or end, of people with access. */
const moves = (db: Kysely<Tables>, p: Parameter<Params>) =>
  db
    .with("wanted", (from) => wanted(from, p))
    .with("held", (from) => held(from, p))
    .with("moved", (from) =>
      from
        .selectFrom("wanted")
        .fullJoin("held", (on) =>
          on.onRef("held.memberId", "=", "wanted.memberId").onRef("held.roleId", "=", "wanted.roleId"),
        )
        .innerJoin("member as m", (on) => on.on(sql<boolean>`m.id = ${ofEither("member_id")}`))
        .where("m.organizationId", "=", p("organizationId"))
        .where((eb) => eb.and({ "m.active": sql.lit(true), "m.isDeleted": sql.lit(false) }))
        .where((eb) => eb.or([eb("held.memberId", "is", null), eb("wanted.memberId", "is", null)]))
        .select(["m.id as memberId", "m.name", sql<boolean>`held.member_id is null`.as("isGain")])
        .select(ofEither("role_id").as("roleId")),
    );

const effects = statement<Params>()((db, p) =>
  moves(db, p)
    // People who lose their last role keep the default role.
    .with("kept", (from) =>
      from
        .selectFrom("moved")
        .innerJoin("provisioning as p", (on) => on.on("p.organizationId", "=", p("organizationId")))
        .where("p.defaultRoleId", "is not", null)
        .groupBy(["moved.memberId", "moved.name", "p.defaultRoleId"])
        .having(
          sql<boolean>`not bool_or(moved.is_gain) and not ${has("moved", p, sql<boolean>`o.source <> 'mapping'`)}`,
        )
        .select(["moved.memberId", "moved.name", sql<boolean>`true`.as("isGain"), "p.defaultRoleId as roleId"])
        .$narrowType<{ roleId: NotNull }>(),
    )
    .with("effect", (from) =>
      from
        .selectFrom("moved")
        .where(isEffect(p))
        .select(["memberId", "name", "isGain", "roleId"])
        .unionAll(
          from
            .selectFrom("kept")
            .where(sql<boolean>`not ${has("kept", p, sql<boolean>`o.role_id = kept.role_id`)}`)
            .select(["memberId", "name", "isGain", "roleId"]),
        ),
    )
    .selectFrom("effect")
    .innerJoin("role as r", "r.id", "effect.roleId")
    .where("r.organizationId", "=", p("organizationId"))
    .groupBy(["effect.roleId", "r.name", "effect.isGain"])
    .select(({ fn }) => ["effect.roleId", "r.name as role", "effect.isGain", fn.countAll<number>().as("count")])
    .select(sql<string[]>`(array_agg(effect.name order by lower(effect.name), effect.member_id))[1:5]`.as("names"))
    .orderBy("effect.isGain")
    .orderBy(sql`lower(r.name)`)
    .orderBy("effect.roleId")
    .limit(sql.lit(200)),
);
