import {
  checkTokensEnd,
  planTurningOff,
  checkKeptRelease,
  turnOff,
  type AfterProvisioning,
  type OffConfirmation,
  type OffPlan,
  type Refusal,
} from "@rollcall/domain";
import { ok, type Result } from "@rollcall/scim-protocol";
import { jsonArrayFrom } from "kysely/helpers/postgres";
import { forgetHolds } from "../guard/guard-settings.ts";
import { activeTokens, readActiveTokens, revokeAllTokens as revokeAll } from "../scim-token/scim-token-store.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import {
  forgetExternalIds,
  ownersOf,
  readOffFacts,
  releaseDirectory,
  removeManaged,
} from "./provisioning-off-people.ts";
import { loadProvisioning } from "./provisioning-row.ts";
import { provisioningSubject } from "./provisioning-settings.ts";

type OffInput = OffConfirmation & { readonly after: AfterProvisioning };
type OffRefusal = Refusal<"provisioningOff" | "confirmationWrong" | "ownerRemovalUnconfirmed">;

/**
 * Turns provisioning off, treats managed people as chosen, and revokes every active token. Waits for SCIM writes in
 * progress, so that nobody becomes managed afterwards. One transaction, which checks the preview again.
 */
export function disableProvisioning(
  database: Database,
  context: WriteContext,
  input: OffInput = { after: "release" },
): Promise<Result<OffPlan, OffRefusal>> {
  const attempt = { kind: "provisioning.disabled", subject: provisioningSubject } as const;
  const work = async (uow: UnitOfWork): Promise<Result<OffPlan, OffRefusal>> => {
    const settings = await loadProvisioning(uow);
    const decided = turnOff(settings, input.after, await readOffFacts(uow, context), input);
    if (!decided.ok) return decided;
    uow.em.assign(settings, {
      isEnabled: false,
      enabledAt: null,
      guardReleasedUntil: null,
      keepsLocks: input.after === "keepLocked",
      // Required again when provisioning is turned on again.
      ssoAcknowledgedAt: null,
      ssoAcknowledgedBy: null,
      updatedAt: uow.now,
    });
    const done = await dealWithPeople(uow, input.after, decided.value);
    await forgetHolds(uow);
    const tokensRevoked = await revokeAll(uow);
    const after = { isEnabled: false, choice: input.after, ...done, tokensRevoked };
    uow.log({ ...attempt, before: { isEnabled: true }, after });
    return decided;
  };
  return inOrganization(database, context, { ...attempt, locksOut: true }, work);
}

/** The lock order is organization, role, members by id. */
async function dealWithPeople(uow: UnitOfWork, choice: AfterProvisioning, { staying }: OffPlan): Promise<object> {
  if (choice === "keepLocked") return { membersLocked: await forgetExternalIds(uow) };
  if (choice === "release") return releaseDirectory(uow);
  const stayingIds = staying.map(({ id }) => id);
  const membersRemoved = await removeManaged(uow, stayingIds);
  const released = await releaseDirectory(uow);
  return staying.length === 0
    ? { membersRemoved, rolesReleased: released.rolesReleased }
    : { membersRemoved, ...released };
}

/** Releases the people who were kept locked when provisioning was turned off; returns their number. */
export function releaseKeptPeople(
  database: Database,
  context: WriteContext,
): Promise<Result<number, Refusal<"provisioningAlreadyOn">>> {
  const attempt = { kind: "provisioning.people_released", subject: provisioningSubject } as const;
  return inOrganization(database, context, { ...attempt, locksOut: true }, async (uow) => {
    const settings = await loadProvisioning(uow);
    const decided = checkKeptRelease(settings);
    if (!decided.ok) return decided;
    if (!settings.keepsLocks) return ok(0);
    uow.em.assign(settings, { keepsLocks: false, updatedAt: uow.now });
    const after = await releaseDirectory(uow);
    uow.log({ ...attempt, before: { keepsLocks: true }, after });
    return ok(after.membersReleased);
  });
}

/** Revokes every active token; provisioning stays on. `typed`: the confirmation, which contains their number. */
export function revokeAllTokens(
  database: Database,
  context: WriteContext,
  typed: string,
): Promise<Result<number, Refusal<"confirmationWrong">>> {
  const subject = { kind: "token", id: null, name: "" } as const;
  return inOrganization(database, context, { kind: "token.revoked", subject }, async (uow) => {
    const decided = checkTokensEnd((await activeTokens(uow)).length, typed);
    return decided.ok ? ok(await revokeAll(uow)) : decided;
  });
}

/** The effects of turning provisioning off, by choice; people, owners and roles are the first by name. */
export type TurningOff = Awaited<ReturnType<typeof readFirstNames>> & {
  readonly plans: Readonly<Record<AfterProvisioning, OffPlan>>;
  readonly managedOwners: number;
  readonly tokens: number;
};

/** Uses the same rule as `disableProvisioning`. */
export async function readTurningOff(sql: Queryable, context: WriteContext): Promise<TurningOff> {
  const { organizationId, now } = context;
  const facts = await readOffFacts(sql, context);
  const first = await readFirstNames(sql, organizationId);
  const tokens = await readActiveTokens(sql, organizationId, now);
  const planOf = (choice: AfterProvisioning): OffPlan => planTurningOff(choice, facts);
  const plans = { release: planOf("release"), keepLocked: planOf("keepLocked"), remove: planOf("remove") };
  return { ...first, plans, managedOwners: facts.managedOwners, tokens: tokens.length };
}

const namesMax = 8;
const ownersMax = 50;

function readFirstNames({ db }: Queryable, organizationId: string) {
  const people = db
    .selectFrom("member as m")
    .where("m.organizationId", "=", organizationId)
    .where("m.isDeleted", "=", false)
    .where("m.isManaged", "=", true)
    .where("m.active", "=", true)
    .orderBy("m.nameKey")
    .orderBy("m.id")
    .select(["m.id", "m.name"]);
  const owners = people.where("m.id", "in", ownersOf(db, organizationId).select("g.memberId")).limit(ownersMax);
  const roles = db
    .selectFrom("role as r")
    .where("r.organizationId", "=", organizationId)
    .where("r.deletedAt", "is", null)
    .where((eb) => eb.or([eb("r.isScimCreated", "=", true), eb("r.isLinked", "=", true)]));
  return db
    .selectNoFrom([
      jsonArrayFrom(people.limit(namesMax)).as("people"),
      jsonArrayFrom(owners).as("owners"),
      jsonArrayFrom(roles.orderBy("r.nameKey").limit(namesMax).select(["r.id", "r.name"])).as("roles"),
      roles
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .$asScalar()
        .$notNull()
        .as("roleCount"),
    ])
    .executeTakeFirstOrThrow();
}
