import { ok, type Result } from "@rollcall/scim-protocol";
import { sql, type QueryCreator } from "kysely";
import { roleFields, type RoleRow } from "../role/role-columns.ts";
import type { Queryable } from "../store/queryable.ts";
import { keptStatement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import type { RequestStamp } from "../store/write-context.ts";
import { callerFields, judgeCaller, withCaller, type Caller, type CallerRefusal, type Credential } from "./caller.ts";
import { foundIn } from "./found-row.ts";

/** `judge`: checks the request's precondition against the group's version, after the group is locked. */
export type RoleRequest<E = never> = RequestStamp & {
  readonly credential: Credential;
  readonly judge?: ((version: RoleVersion) => Result<unknown, E>) | undefined;
};

/** The parts of a group's version (docs/decisions/0011). */
export type RoleVersion = { readonly version: number; readonly membersTag: string };

/** `role`: null if the id is unknown. */
export type OpenedRole = { readonly caller: Caller; readonly role: RoleRow | null };

/**
 * The effect of a write: `take` the role from people, `end` the role, or neither (`give`). With the guard on, losses
 * are decided under the organization's lock, including those that follow from a mapping when people are only added.
 * Ends are too, because the default role must not end; they wait for all other SCIM writes (`lockOutProvider`), which
 * may still grant a former default role.
 */
export type RoleAct = "give" | "take" | "end";

/**
 * Starts a write to a role: authenticates and locks, until the transaction ends, provisioning and then the role. A
 * write that changes an owners' role, or may be refused because of other writes in the organization (`RoleAct`), takes
 * the organization's lock; other writes run concurrently. A wrong secret locks nothing.
 */
export async function openRole(
  tx: Queryable,
  request: RoleRequest<unknown>,
  role: { readonly id: string; readonly act: RoleAct },
): Promise<Result<OpenedRole, CallerRefusal>> {
  const { keyId, secretHash } = request.credential;
  const [row] = await tx.run(open, { keyId, secretHash, ...role });
  const caller = judgeCaller(row, request.credential, request.now);
  return caller.ok ? ok({ caller: caller.value, role: roleIn(row) }) : caller;
}

const roleIn = foundIn<RoleRow>(roleFields);

type OpenParams = { readonly keyId: string; readonly id: string; readonly secretHash: Buffer; readonly act: RoleAct };
type WithCaller = Tables & { caller: { callerOrganizationId: string; callerSecretHash: Buffer } };

const isAct = (p: Parameter<OpenParams>, condition: "= 'take'" | "= 'end'" | "<> 'end'") =>
  sql<boolean>`${p("act")} ${sql.raw(condition)}`;
const isAlone = sql<boolean>`(select is_alone from caller_role)`;

/** The caller's provisioning, if the secret is right. */
const provisioningOf = (from: QueryCreator<WithCaller>, p: Parameter<OpenParams>) =>
  from
    .selectFrom("provisioning as p")
    .where("p.organizationId", "=", (eb) =>
      eb
        .selectFrom("caller")
        .where("caller.callerSecretHash", "=", p("secretHash"))
        .select("caller.callerOrganizationId"),
    )
    .select(["p.organizationId", "p.isEnabled", "p.defaultRoleId"]);

/**
 * Where the caller's columns occur twice, the second ones count: they are read after waiting for concurrent changes.
 * The role is selected by its whole key; "not deleted" is checked afterwards, because the planner might use the index
 * of the names for it.
 */
const open = keptStatement<OpenParams>()("scim_role_open", (db, p) =>
  withCaller(db, p)
    .with("callerRole", (from) =>
      from.selectFrom("caller").select((eb) => {
        const mapping = eb
          .selectFrom("group_mapping as gm")
          .whereRef("gm.organizationId", "=", "caller.callerOrganizationId")
          .where("gm.groupId", "=", p("id"));
        const kind = eb
          .selectFrom("role as r")
          .whereRef("r.organizationId", "=", "caller.callerOrganizationId")
          .where("r.id", "=", p("id"))
          .select("r.kind");
        const mayTake = eb.or([isAct(p, "= 'take'"), eb.exists(mapping.select("gm.groupId"))]);
        const isOfOwners = sql<boolean>`coalesce(${kind} = 'owner', false)`;
        return eb.or([eb.and([eb.ref("caller.callerIsGuardOn"), mayTake]), isOfOwners]).as("isAlone");
      }),
    )
    .with("ending", (from) => provisioningOf(from, p).where(isAct(p, "= 'end'")).forUpdate())
    .with("alone", (from) => provisioningOf(from, p).where(isAct(p, "<> 'end'")).where(isAlone).forNoKeyUpdate())
    .with("beside", (from) =>
      provisioningOf(from, p)
        .where(isAct(p, "<> 'end'"))
        .where(sql<boolean>`not ${isAlone}`)
        .forKeyShare(),
    )
    .with("held", (from) =>
      from
        .selectFrom("ending")
        .selectAll()
        .unionAll(from.selectFrom("alone").selectAll())
        .unionAll(from.selectFrom("beside").selectAll()),
    )
    .with("r", (from) =>
      from
        .selectFrom("role")
        .selectAll()
        .where("organizationId", "=", (eb) => eb.selectFrom("held").select("held.organizationId"))
        .where("id", "=", p("id"))
        .forNoKeyUpdate(),
    )
    .selectFrom("caller")
    .leftJoin("held", (on) => on.onTrue())
    .leftJoin("r", (on) => on.on("r.deletedAt", "is", null))
    .select(callerFields)
    .select([
      sql<boolean>`coalesce(held.is_enabled, caller_is_on)`.as("callerIsOn"),
      sql<string | null>`coalesce(held.default_role_id, caller_default_role_id)`.as("callerDefaultRoleId"),
    ])
    .select(roleFields),
);
