import { ok, type Result } from "@rollcall/scim-protocol";
import { sql, type QueryCreator } from "kysely";
import { roleFields } from "../role/role-columns.ts";
import type { RoleRow } from "../role/role-columns.ts";
import type { Queryable } from "../store/queryable.ts";
import { keptStatement, type Parameter } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import {
  callerFields,
  judgeCaller,
  withCaller,
  type CallTime,
  type Caller,
  type CallerRefusal,
  type Credential,
} from "./caller.ts";
import { foundIn } from "./found-row.ts";

/** `judge`: may the call change the group in this version of it? Asked when nobody else can change it any more. */
export type RoleCall<E = never> = CallTime & {
  readonly credential: Credential;
  readonly judge?: ((version: RoleVersion) => Result<unknown, E>) | undefined;
};

/** What the version of a group is made of (docs/decisions/0011). */
export type RoleVersion = { readonly version: number; readonly membersTag: string };

/** `role`: null where there is none of that id. */
export type OpenedRole = { readonly caller: Caller; readonly role: RoleRow | null };

/**
 * What a write may do: `take` the role from people, `end` the role, or neither (`give`). With the guard on, losses are
 * decided under the organization's lock, those included that follow from a mapping where people are only added; so are ends, as the default role must not end, and they wait for all other writes
 * of the provider's (`lockOutProvider`), which may still give what was the default role before.
 */
export type RoleAct = "give" | "take" | "end";

/**
 * Starts a write to a role: lets the caller in and holds, until the transaction ends, provisioning as it is and then the
 * role. Whatever changes the owners' role or may be refused by what else happens in the organization (`RoleAct`) has the
 * organization's lock; all other writes go on beside one another. Whose secret is wrong holds nothing.
 */
export async function openRole(
  tx: Queryable,
  call: RoleCall<unknown>,
  role: { readonly id: string; readonly act: RoleAct },
): Promise<Result<OpenedRole, CallerRefusal>> {
  const { keyId, secretHash } = call.credential;
  const [row] = await tx.run(open, { keyId, secretHash, ...role });
  const caller = judgeCaller(row, call.credential, call.now);
  return caller.ok ? ok({ caller: caller.value, role: roleIn(row) }) : caller;
}

const roleIn = foundIn<RoleRow>(roleFields);

type OpenParams = { readonly keyId: string; readonly id: string; readonly secretHash: Buffer; readonly act: RoleAct };
type WithCaller = Tables & { caller: { callerOrganizationId: string; callerSecretHash: Buffer } };

const isAct = (p: Parameter<OpenParams>, condition: "= 'take'" | "= 'end'" | "<> 'end'") =>
  sql<boolean>`${p("act")} ${sql.raw(condition)}`;
const isAlone = sql<boolean>`(select is_alone from caller_role)`;

/** Provisioning of the caller, if the secret is right. */
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
 * The columns of the caller that are there twice count the second time: as they are after whoever was changing them. The
 * role is asked for by its whole key; "not deleted" is looked at afterwards, as the planner might go by the index of the
 * names for it.
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
