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
import { ownersAsMembers } from "../member/active-owners.ts";
import { activeTokens, readActiveTokens, revokeAllTokens as revokeAll } from "../scim-token/scim-token-store.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { endMappings } from "../role-mapping/role-mapping-end.ts";
import { countNames, refuseDuringJob, treatPeople } from "./people-job.ts";
import {
  lockManaged,
  managedOwnerIds,
  readOffFacts,
  releasePeople,
  releaseRoles,
  removePeople,
} from "./provisioning-off-people.ts";
import { loadProvisioning } from "./provisioning-row.ts";
import { provisioningSubject } from "./provisioning-settings.ts";

type OffInput = OffConfirmation & { readonly after: AfterProvisioning };
type OffRefusal = Refusal<"provisioningOff" | "confirmationWrong" | "ownerRemovalUnconfirmed" | "peopleJobRunning">;

/**
 * Turns provisioning off, treats managed people as chosen, and revokes every active token. Waits for SCIM writes in
 * progress, so that nobody becomes managed afterwards. One transaction, which checks the preview again; in a large
 * organization it treats the first people, and a job the others (docs/decisions/0052).
 */
export async function disableProvisioning(
  database: Database,
  context: WriteContext,
  input: OffInput = { after: "release" },
): Promise<Result<OffPlan, OffRefusal>> {
  const attempt = { kind: "provisioning.disabled", subject: provisioningSubject } as const;
  const work = async (uow: UnitOfWork): Promise<Result<OffPlan, OffRefusal>> => {
    const settings = await loadProvisioning(uow);
    const decided = turnOff(settings, input.after, await readOffFacts(uow, context), input);
    if (!decided.ok) return decided;
    const free = await refuseDuringJob(uow, "mappings");
    if (!free.ok) return free;
    uow.em.assign(settings, {
      isEnabled: false,
      enabledAt: null,
      // A release ends with it; losses are counted from now on.
      guardReleasedUntil: null,
      guardCountedFrom: uow.now,
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

/**
 * Treats the people as chosen, in this transaction or as a job; returns the values for the log, without the number of
 * people if a job follows. Owners are removed here in any case, so that nobody counts as an owner without access. The
 * lock order is organization, role, members by id.
 */
async function dealWithPeople(uow: UnitOfWork, choice: AfterProvisioning, plan: OffPlan): Promise<object> {
  const { staying, inactive } = plan;
  const people = plan.released + plan.locked + plan.removed + inactive;
  const job = { choice, people, done: 0, mappings: 0 } as const;
  if (choice === "keepLocked") return counted(choice, await treatPeople(uow, job));
  const rolesReleased = await releaseRoles(uow);
  const { ended, toRelease: mappings } = await endMappings(uow, uow);
  const released = { rolesReleased, mappingsEnded: ended };
  if (choice === "release") return { ...counted(choice, await treatPeople(uow, { ...job, mappings })), ...released };
  if (staying.length > 0) await releasePeople(uow, await lockManaged(uow, { ids: staying.map(({ id }) => id) }));
  const owners = await lockManaged(uow, { ids: await managedOwnerIds(uow) });
  if (owners.length > 0) await removePeople(uow, owners);
  const removal = { ...job, people: people - staying.length, done: owners.length, mappings };
  const removed = counted(choice, await treatPeople(uow, removal));
  return staying.length === 0
    ? { ...removed, rolesReleased }
    : { ...removed, membersReleased: staying.length, ...released };
}

function counted(choice: AfterProvisioning, { done, isOver }: Awaited<ReturnType<typeof treatPeople>>): object {
  return isOver ? { [countNames[choice]]: done } : {};
}

/**
 * Releases the people who were kept locked when provisioning was turned off; returns their number. Their locks end at
 * once, even if a job releases some of them later.
 */
export function releaseKeptPeople(
  database: Database,
  context: WriteContext,
): Promise<Result<number, Refusal<"provisioningAlreadyOn" | "peopleJobRunning">>> {
  const attempt = { kind: "provisioning.people_released", subject: provisioningSubject } as const;
  type Released = Result<number, Refusal<"provisioningAlreadyOn" | "peopleJobRunning">>;
  return inOrganization(database, context, { ...attempt, locksOut: true }, async (uow): Promise<Released> => {
    const settings = await loadProvisioning(uow);
    const decided = checkKeptRelease(settings);
    if (!decided.ok) return decided;
    if (!settings.keepsLocks) return ok(0);
    for (const which of ["turnedOff", "mappings"] as const) {
      const free = await refuseDuringJob(uow, which);
      if (!free.ok) return free;
    }
    uow.em.assign(settings, { keepsLocks: false, updatedAt: uow.now });
    const { managed, managedInactive } = await readOffFacts(uow, context);
    const people = managed + managedInactive;
    const rolesReleased = await releaseRoles(uow);
    const { ended, toRelease: mappings } = await endMappings(uow, uow);
    const { done, isOver } = await treatPeople(uow, { choice: "release", people, done: 0, mappings });
    const membersReleased = isOver ? done : people;
    uow.log({
      ...attempt,
      before: { keepsLocks: true },
      after: { membersReleased, rolesReleased, mappingsEnded: ended },
    });
    return ok(membersReleased);
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
  const owners = ownersAsMembers(db, organizationId)
    .where("o.isManaged", "=", true)
    .where("o.active", "=", true)
    .orderBy("o.nameKey")
    .orderBy("o.id")
    .limit(ownersMax)
    .clearSelect()
    .select(["o.id", "o.name"]);
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
