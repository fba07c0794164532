import {
  afterProvisioning,
  endTokens,
  planTurningOff,
  releaseKept,
  turnOff,
  type AfterProvisioning,
  type OffConfirmation,
  type OffPlan,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { forgetHolds } from "../guard/guard-settings.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { forgetExternalIds, readOffFacts, releaseDirectory, removeManaged } from "./provisioning-off-people.ts";
import { readProvisioning } from "./provisioning-row.ts";
import { provisioningSubject } from "./provisioning-settings.ts";
import { activeTokens, readActiveTokens, revokeAllTokens as revokeAll } from "../scim-token/scim-token-store.ts";

const disabling = { kind: "provisioning.disabled", subject: provisioningSubject } as const;
const releasing = { kind: "provisioning.people_released", subject: provisioningSubject } as const;

type OffWish = OffConfirmation & { readonly after: AfterProvisioning };
type OffRefusal = Refusal<"provisioningOff" | "confirmationWrong" | "ownerRemovalUnconfirmed">;

/**
 * Turns provisioning off and does with the directory's people what was chosen; every token that still works is revoked at
 * once. The provider's writes that are under way end first, so that nobody is marked as managed afterwards who was not
 * before. All of it is one transaction: what the screen foresaw is decided anew in it.
 */
export function disableProvisioning(
  database: Database,
  context: WriteContext,
  wish: OffWish = { after: "release" },
): Promise<Result<OffPlan, OffRefusal>> {
  return inOrganization(
    database,
    context,
    { ...disabling, locksOut: true },
    async (tx): Promise<Result<OffPlan, OffRefusal>> => {
      const { organizationId, now } = context;
      const settings = await readProvisioning(tx, organizationId);
      const decided = turnOff(settings, wish.after, await readOffFacts(tx, context), wish);
      if (!decided.ok) return decided;
      await tx.query(saveOff, [organizationId, now, wish.after === "keepLocked"]);
      const done = await dealWithPeople(tx, context, wish.after, decided.value);
      await forgetHolds(tx, organizationId);
      const tokensRevoked = await revokeAll(tx);
      const after = { isEnabled: false, choice: wish.after, ...done, tokensRevoked };
      await recordChanges(tx, [{ ...entryOf(context), ...disabling, before: { isEnabled: true }, after }]);
      return decided;
    },
  );
}

/** The lock order is organization, role, members by id. */
async function dealWithPeople(
  tx: Queryable,
  context: WriteContext,
  choice: AfterProvisioning,
  { staying }: OffPlan,
): Promise<object> {
  if (choice === "keepLocked") return { membersLocked: await forgetExternalIds(tx, context) };
  if (choice === "release") return releaseDirectory(tx, context);
  const membersRemoved = await removeManaged(
    tx,
    context,
    staying.map(({ id }) => id),
  );
  const released = await releaseDirectory(tx, context);
  return staying.length === 0
    ? { membersRemoved, rolesReleased: released.rolesReleased }
    : { membersRemoved, ...released };
}

/** Releases those who were kept locked when provisioning was turned off; returns how many. */
export function releaseKeptPeople(
  database: Database,
  context: WriteContext,
): Promise<Result<number, Refusal<"provisioningAlreadyOn">>> {
  return inOrganization(database, context, { ...releasing, locksOut: true }, async (tx) => {
    const settings = await readProvisioning(tx, context.organizationId);
    const decided = releaseKept(settings);
    if (!decided.ok) return decided;
    if (!settings.keepsLocks) return ok(0);
    await tx.query(saveReleased, [context.organizationId, context.now]);
    const after = await releaseDirectory(tx, context);
    await recordChanges(tx, [{ ...entryOf(context), ...releasing, before: { keepsLocks: true }, after }]);
    return ok(after.membersReleased);
  });
}

/** Ends every token that works, at once; provisioning stays on. `typed`: how many, as a word that it is meant. */
export function revokeAllTokens(
  database: Database,
  context: WriteContext,
  typed: string,
): Promise<Result<number, Refusal<"confirmationWrong">>> {
  const subject = { kind: "token", id: null, name: "" } as const;
  return inOrganization(database, context, { kind: "token.revoked", subject }, async (tx) => {
    const tokens = await activeTokens(tx);
    const decided = endTokens(tokens.length, typed);
    return decided.ok ? ok(await revokeAll(tx)) : err(decided.error);
  });
}

const named = z.array(z.object({ id: z.string(), name: z.string() }));
const foreseen = z.object({ people: named, owners: named, roles: named, roleCount: z.number() });

/** What turning provisioning off would do, by each choice; the people, owners and roles are the first by name. */
export type TurningOff = z.infer<typeof foreseen> & {
  readonly plans: Readonly<Record<AfterProvisioning, OffPlan>>;
  readonly managedOwners: number;
  readonly tokens: number;
};

/** Foresees it by the same rule that decides. */
export async function readTurningOff(sql: Queryable, context: WriteContext): Promise<TurningOff> {
  const { organizationId, now } = context;
  const facts = await readOffFacts(sql, context);
  const [row] = await sql.query(firstNames, [organizationId, namesMax, ownersMax]);
  const tokens = await readActiveTokens(sql, organizationId, now);
  const [release, keepLocked, remove] = afterProvisioning.map((choice) => planTurningOff(choice, facts));
  if (release === undefined || keepLocked === undefined || remove === undefined)
    throw new Error("A choice is missing.");
  const plans = { release, keepLocked, remove };
  return { ...foreseen.parse(row), plans, managedOwners: facts.managedOwners, tokens: tokens.length };
}

const namesMax = 8;
const ownersMax = 50;

/** The word on single sign-on is asked for anew when provisioning is turned on again. */
const saveOff = {
  name: "provisioning_off",
  text: `update provisioning set is_enabled = false, enabled_at = null, guard_released_until = null, keeps_locks = $3,
    sso_acknowledged_at = null, sso_acknowledged_by = null, updated_at = $2 where organization_id = $1`,
};
const saveReleased = {
  name: "provisioning_released",
  text: "update provisioning set keeps_locks = false, updated_at = $2 where organization_id = $1",
};
const firstNames = {
  name: "provisioning_off_names",
  text: `with role_of as (select id, name, name_key, kind from role where organization_id = $1 and deleted_at is null
      and (is_scim_created or is_linked)),
    person as (select id, name from member where organization_id = $1 and not is_deleted and is_managed
      and active order by name_key, id limit $2),
    owner as (select m.id, m.name, m.name_key from member m where m.organization_id = $1 and not m.is_deleted
      and m.is_managed and m.active and m.id in (select g.member_id from role r
        join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id
        where r.organization_id = $1 and r.kind = 'owner') order by m.name_key, m.id limit $3)
    select coalesce((select json_agg(person) from person), '[]') as people,
      coalesce((select json_agg(json_build_object('id', id, 'name', name)) from owner), '[]') as owners,
      coalesce((select json_agg(first) from (select id, name from role_of order by name_key limit $2) first), '[]') as roles,
      (select count(*)::int from role_of) as "roleCount"`,
};
