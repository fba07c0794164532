import { ok, type Result } from "@rollcall/scim-protocol";
import { roleColumns, roleOf, type RoleRow } from "../role/role-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { callerCte, judgeCaller, type CallTime, type Caller, type CallerRefusal, type Credential } from "./caller.ts";

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
  const [row] = await tx.query(open, [keyId, role.id, secretHash, role.act]);
  const caller = judgeCaller(row, call.credential, call.now);
  return caller.ok ? ok({ caller: caller.value, role: roleOf(row) }) : caller;
}

const place = `select p.organization_id, p.is_enabled, p.default_role_id from provisioning p
  where p.organization_id = (select "callerOrganizationId" from caller where "callerSecretHash" = $3)`;
const isAlone = "(select is_alone from caller_role)";

/**
 * The columns of the caller that are there twice count the second time: as they are after whoever was changing them. The
 * role is asked for by its whole key; "not deleted" is looked at afterwards, as the planner might go by the index of the
 * names for it.
 */
const open = {
  name: "scim_role_open",
  keepsPlan: true,
  text: `with ${callerCte}, caller_role as (select ("callerIsGuardOn" and ($4 = 'take' or exists (select 1
        from group_mapping gm where gm.organization_id = "callerOrganizationId" and gm.group_id = $2))) or coalesce((select r.kind
      from role r where r.organization_id = "callerOrganizationId" and r.id = $2) = 'owner', false) as is_alone from caller),
    ending as (${place} and $4 = 'end' for update),
    alone as (${place} and $4 <> 'end' and ${isAlone} for no key update),
    beside as (${place} and $4 <> 'end' and not ${isAlone} for key share),
    held as (select * from ending union all select * from alone union all select * from beside),
    r as (select * from role r where r.organization_id = (select organization_id from held) and r.id = $2
      for no key update)
    select caller.*, coalesce(held.is_enabled, "callerIsOn") as "callerIsOn",
      coalesce(held.default_role_id, "callerDefaultRoleId") as "callerDefaultRoleId", ${roleColumns}
    from caller left join held on true left join r on r.deleted_at is null`,
};
