import type { ChangeKind } from "@rollcall/domain";
import { sql, type Expression, type QueryCreator } from "kysely";
import { changeValue, logEach } from "../store/change-log.ts";
import { newId } from "../store/id.ts";
import type { RoleRow } from "../role/role-columns.ts";
import { mapInSlices } from "../store/slices.ts";
import type { Queryable } from "../store/queryable.ts";
import { keptStatement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

export type NamedMember = { readonly id: string; readonly name: string };

/** The people who gain the role and those who lose it, disjoint. `takes`: only grants of the directory, or all. */
type Grants = {
  readonly joining: readonly NamedMember[];
  readonly leaving: readonly NamedMember[];
  readonly takes: "group" | "any";
};

/**
 * Grants and revokes a role; the role and the people must be locked. Logs only actual changes, one entry per person,
 * and then changes the role's `updatedAt`. A member who loses the last role gets the default role. Changes the version
 * of a member who becomes or stops being an owner, so that no write based on the old facts is saved; the default role
 * may be an owners' role too. Returns how many people lost the role, and whether owners have mapped it: then
 * `applyMappings` must follow.
 */
export async function saveGrants(
  tx: Queryable,
  context: WriteContext,
  role: RoleRow,
  { joining, leaving, takes }: Grants,
): Promise<SavedGrants> {
  if (joining.length + leaving.length === 0) return nothing;
  const what = { roleId: role.id, role: role.name, source: "group" };
  const shared = { ...entryOf(context), subject: { kind: "member", id: null, name: "" } } as const;
  const people = [...joining, ...leaving];
  const [saved] = await tx.run(save, {
    organizationId: context.organizationId,
    roleId: role.id,
    now: context.now,
    joining: joining.map(({ id }) => id),
    leaving: leaving.map(({ id }) => id),
    takesAll: takes === "any",
    defaultRoleId: context.defaultRoleId,
    bumpsVersions: role.kind !== "custom",
    entries: changeValue([
      { ...shared, kind: "member.role_granted", after: what },
      { ...shared, kind: "member.role_revoked", before: what },
    ]),
    entryIds: await mapInSlices(people, newId),
    names: people.map(({ name }) => name),
  });
  return saved ?? nothing;
}

type SavedGrants = { readonly lost: number; readonly isMapped: boolean };
const nothing: SavedGrants = { lost: 0, isMapped: false };

/** `entries`: those of gains and of losses; `entryIds` and `names`: of `joining`, then of `leaving`. */
type Params = Readonly<{
  organizationId: string;
  roleId: string;
  now: Date;
  joining: readonly string[];
  leaving: readonly string[];
  takesAll: boolean;
  defaultRoleId: string | null;
  bumpsVersions: boolean;
  entries: string;
  entryIds: readonly string[];
  names: readonly string[];
}>;

/** Whether the grant `g` is revoked. All parts of the statement read the grants as they were before it. */
const isTaken = (p: Parameter<Params>) =>
  sql<boolean>`(g.role_id = ${p("roleId")} and (g.source = 'group' or ${p("takesAll")}::boolean))`;
const isAny = (id: string, ids: Expression<unknown>) => sql<boolean>`${sql.ref(id)} = any(${ids}::uuid[])`;
const kindOf = (kind: ChangeKind) => sql.lit(kind).as("kind");
const grantColumns = ["organizationId", "memberId", "roleId", "source", "createdAt"] as const;

type From = QueryCreator<Tables>;
type Rows = { readonly memberId: string };

const added = (p: Parameter<Params>) => (from: From) =>
  from
    .insertInto("role_grant")
    .columns(grantColumns)
    .expression(
      sql`select ${p("organizationId")}, id, ${p("roleId")}, 'group', ${p("now")} from unnest(${p("joining")}::uuid[]) as id`,
    )
    .onConflict((on) => on.doNothing())
    .returning("memberId");

const gone = (p: Parameter<Params>) => (from: From) =>
  from
    .deleteFrom("role_grant as g")
    .where("g.organizationId", "=", p("organizationId"))
    .where(isAny("g.memberId", p("leaving")))
    .where(isTaken(p))
    .returning("g.memberId");

/** Grants the default role to active members who have lost their last role. */
const kept = (p: Parameter<Params>) => (from: QueryCreator<Tables & { gone: Rows }>) => {
  const active = from
    .selectFrom("gone")
    .crossJoinLateral((eb) =>
      eb
        .selectFrom("member")
        .selectAll()
        .where("organizationId", "=", p("organizationId"))
        .whereRef("id", "=", "gone.memberId")
        .where("active", "=", sql.lit(true))
        .where("deletedAt", "is", null)
        .limit(sql.lit(1))
        .as("m"),
    );
  const bare = active.where((eb) => {
    const grants = eb.selectFrom("role_grant as g").where("g.organizationId", "=", p("organizationId"));
    const others = grants.whereRef("g.memberId", "=", "m.id").where(sql<boolean>`not ${isTaken(p)}`);
    return eb(others.select("g.roleId").limit(sql.lit(1)), "is", null);
  });
  const values = bare
    .where(sql<boolean>`${p("defaultRoleId")}::uuid is not null`)
    .select([
      sql`${p("organizationId")}`.as("organizationId"),
      "m.id",
      sql`${p("defaultRoleId")}::uuid`.as("roleId"),
      sql.lit("default").as("source"),
      sql`${p("now")}`.as("createdAt"),
    ]);
  const insert = from.insertInto("role_grant").columns(grantColumns).expression(values);
  return insert.onConflict((on) => on.doNothing()).returning("memberId");
};

type Person = { id: string; subjectId: string; subjectName: string };
const people = (p: Parameter<Params>) =>
  sql<Person>`unnest(${p("entryIds")}::uuid[], ${everybody(p)}, ${p("names")}::text[])`;
const everybody = (p: Parameter<Params>) => sql`(${p("joining")}::uuid[] || ${p("leaving")}::uuid[])`;

const bumped = (p: Parameter<Params>) => (from: QueryCreator<Tables & Record<"changed" | "kept", Rows>>) =>
  from
    .updateTable("member")
    .set((eb) => ({ version: eb("version", "+", sql.lit(1)) }))
    .where("organizationId", "=", p("organizationId"))
    .where(isAny("id", everybody(p)))
    .where((eb) => {
      const isIn = (rows: "changed" | "kept") =>
        eb.exists(eb.selectFrom(rows).whereRef("memberId", "=", "member.id").select("memberId"));
      return eb.or([eb.and([sql<boolean>`${p("bumpsVersions")}::boolean`, isIn("changed")]), isIn("kept")]);
    });

/**
 * Writes entries only for people whose grants change. Passes people as lists and reads them one by one instead of by a
 * join, so that a kept plan cannot read all grants or members.
 */
const save = keptStatement<Params>()("role_grants_save", (db, p) =>
  db
    .with("added", added(p))
    .with("gone", gone(p))
    .with("kept", kept(p))
    .with("changed", (from) =>
      from
        .selectFrom("added")
        .select(["memberId", kindOf("member.role_granted")])
        .union(from.selectFrom("gone").select(["memberId", kindOf("member.role_revoked")])),
    )
    .with("logs", (from) =>
      from
        .selectFrom(people(p).as<"person">(sql`person (id, subject_id, subject_name)`))
        .innerJoin("changed", "changed.memberId", "person.subjectId")
        .selectAll("person")
        .select("changed.kind"),
    )
    .with("touched", (from) =>
      from
        .updateTable("role")
        .set((eb) => ({ version: eb("version", "+", sql.lit(1)), updatedAt: p("now") }))
        .where("organizationId", "=", p("organizationId"))
        .where("id", "=", p("roleId"))
        .where((eb) => eb.exists(eb.selectFrom("changed").select("changed.memberId"))),
    )
    .with("bumped", bumped(p))
    .with("logged", logEach("logs", p("entries")))
    .selectFrom("gone")
    .select((eb) => {
      const mappings = eb.selectFrom("group_mapping").where("organizationId", "=", p("organizationId"));
      const isMapped = eb.exists(mappings.where("groupId", "=", p("roleId")).select("groupId"));
      return [eb.fn.count<number>("memberId").distinct().as("lost"), isMapped.$castTo<boolean>().as("isMapped")];
    }),
);
