import { finishSetup as decideFinish, type Refusal, type SetupFacts, type SetupProvider } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { provisioningSubject } from "../provisioning/provisioning-settings.ts";
import { noEvidence, readSetupEvidence, type SetupEvidence } from "./setup-evidence.ts";
import {
  breakGlassOwners,
  findSetup,
  readSetupSettings,
  type SetupOwner,
  type SetupRow,
  type SetupSettings,
} from "./setup-state.ts";

/** The wizard as it is now. `progress` is null where nobody has begun; then there is no evidence either. */
export type Setup = {
  readonly progress: SetupRow | null;
  readonly settings: SetupSettings;
  readonly owners: readonly SetupOwner[];
  readonly evidence: SetupEvidence;
  readonly facts: SetupFacts;
};

/** All that the wizard shows, read anew; nothing of it is stored but the provider, the start and the end. */
export async function readSetup(sql: Queryable, organizationId: string, now: Date): Promise<Setup> {
  const progress = (await findSetup(sql, organizationId)) ?? null;
  const settings = await readSetupSettings(sql, organizationId);
  const owners = await breakGlassOwners(sql, organizationId);
  const evidence =
    progress === null ? noEvidence : await readSetupEvidence(sql, organizationId, { since: progress.startedAt, now });
  const facts = {
    provider: progress?.provider ?? null,
    isSsoTested: settings.ssoTestedAt !== null,
    isSsoAcknowledged: settings.ssoAcknowledgedAt !== null,
    hasVerifiedDomain: settings.domainCount > 0,
    hasBreakGlassOwner: owners.length > 0,
    hasDefaultRole: settings.defaultRole !== null,
    isProvisioningOn: settings.isEnabled,
    hasNewToken: evidence.token !== null,
    hasCall: evidence.firstCall !== null,
    hasUser: evidence.firstUser !== null,
    hasDeactivation: evidence.firstDeactivation !== null,
  };
  return { progress, settings, owners, evidence, facts };
}

/** Begins the wizard with a provider, or changes to another one; what was seen since the start stays seen. */
export async function chooseSetupProvider(
  database: Database,
  context: WriteContext,
  provider: SetupProvider,
): Promise<void> {
  const attempt = { kind: "setup.provider_chosen", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (tx) => {
    const former = await findSetup(tx, context.organizationId);
    if (former?.provider === provider) return ok(undefined);
    await tx.query(choose, [context.organizationId, provider, context.now, context.actor.name]);
    const before = former === undefined ? null : { provider: former.provider };
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before, after: { provider } }]);
    return ok(undefined);
  });
}

/** Starts again with the same provider: from now on only what comes from now on counts. */
export function restartSetup(
  database: Database,
  context: WriteContext,
): Promise<Result<void, Refusal<"setupNotBegun">>> {
  const attempt = { kind: "setup.restarted", subject: provisioningSubject } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Result<void, Refusal<"setupNotBegun">>> => {
    const former = await findSetup(tx, context.organizationId);
    if (former === undefined) return err({ kind: "setupNotBegun" });
    await tx.query(restart, [context.organizationId, context.now, context.actor.name]);
    const before = { startedAt: former.startedAt, finishedAt: former.finishedAt };
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before, after: { startedAt: context.now } }]);
    return ok(undefined);
  });
}

/** Ends the wizard; a second time changes nothing. What was left open is in the change log. */
export function finishSetup(
  database: Database,
  context: WriteContext,
): Promise<Result<void, Refusal<"setupNotBegun" | "setupNotConnected">>> {
  const attempt = { kind: "setup.finished", subject: provisioningSubject } as const;
  const { organizationId, now, actor } = context;
  return inOrganization(database, context, attempt, async (tx) => {
    const { facts, progress } = await readSetup(tx, organizationId, now);
    const decided = decideFinish(facts);
    if (!decided.ok) return decided;
    if (progress !== null && progress.finishedAt !== null) return ok(undefined);
    await tx.query(finish, [organizationId, now, actor.name]);
    const after = { provider: facts.provider, open: decided.value.open };
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, after }]);
    return ok(undefined);
  });
}

const choose = {
  name: "setup_choose",
  text: `insert into setup (organization_id, provider, started_at, started_by) values ($1, $2, $3, $4)
    on conflict (organization_id) do update set provider = excluded.provider`,
};
const restart = {
  name: "setup_restart",
  text: `update setup set started_at = $2, started_by = $3, finished_at = null, finished_by = null
    where organization_id = $1`,
};
const finish = {
  name: "setup_finish",
  text: "update setup set finished_at = $2, finished_by = $3 where organization_id = $1",
};
