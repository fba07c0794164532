import { finishSetup as decideFinish, type Refusal, type SetupFacts, type SetupProvider } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { SetupSchema } from "../model/organization.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { provisioningSubject } from "../provisioning/provisioning-settings.ts";
import { noEvidence, readSetupEvidence } from "./setup-evidence.ts";
import { breakGlassOwners, findSetup, readSetupSettings } from "./setup-state.ts";

/**
 * The wizard's state; only the provider, the start and the end are stored, the rest is derived. `progress` is null
 * before the start, without evidence.
 */
export async function readSetup(sql: Queryable, organizationId: string, now: Date) {
  const progress = (await findSetup(sql, organizationId)) ?? null;
  const settings = await readSetupSettings(sql, organizationId);
  const owners = await breakGlassOwners(sql, organizationId);
  const evidence =
    progress === null ? noEvidence : await readSetupEvidence(sql, organizationId, { since: progress.startedAt, now });
  const facts: SetupFacts = {
    provider: progress?.provider ?? null,
    isSsoTested: settings.ssoTestedAt !== null,
    isSsoAcknowledged: settings.ssoAcknowledgedAt !== null,
    hasVerifiedDomain: settings.domainCount > 0,
    hasBreakGlassOwner: owners.length > 0,
    hasDefaultRole: settings.defaultRole !== null,
    isProvisioningOn: settings.isEnabled,
    hasNewToken: evidence.token !== null,
    hasRequest: evidence.firstRequest !== null,
    hasUser: evidence.firstUser !== null,
    hasDeactivation: evidence.firstDeactivation !== null,
  };
  return { progress, settings, owners, evidence, facts };
}

/** Starts the wizard with a provider, or changes the provider and keeps the evidence. */
export async function chooseSetupProvider(
  database: Database,
  context: WriteContext,
  provider: SetupProvider,
): Promise<void> {
  const attempt = { kind: "setup.provider_chosen", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (uow) => {
    const { em, organizationId, actor, now } = uow;
    const setup = await em.findOne(SetupSchema, organizationId);
    if (setup?.provider === provider) return ok(undefined);
    uow.log({ ...attempt, before: setup && { provider: setup.provider }, after: { provider } });
    if (setup !== null) setup.provider = provider;
    else em.create(SetupSchema, { organizationId, provider, startedAt: now, startedBy: actor.name });
    return ok(undefined);
  });
}

/** Starts again with the same provider: earlier evidence no longer counts. */
export function restartSetup(
  database: Database,
  context: WriteContext,
): Promise<Result<void, Refusal<"setupNotBegun">>> {
  const attempt = { kind: "setup.restarted", subject: provisioningSubject } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Result<void, Refusal<"setupNotBegun">>> => {
    const { em, organizationId, actor, now } = uow;
    const setup = await em.findOne(SetupSchema, organizationId);
    if (setup === null) return err({ kind: "setupNotBegun" });
    const { startedAt, finishedAt } = setup;
    em.assign(setup, { startedAt: now, startedBy: actor.name, finishedAt: null, finishedBy: null });
    uow.log({ ...attempt, before: { startedAt, finishedAt }, after: { startedAt: now } });
    return ok(undefined);
  });
}

/** Ends the wizard; repeating it changes nothing. Open items are recorded in the change log. */
export function finishSetup(
  database: Database,
  context: WriteContext,
): Promise<Result<void, Refusal<"setupNotBegun" | "setupNotConnected">>> {
  const attempt = { kind: "setup.finished", subject: provisioningSubject } as const;
  return inOrganization(database, context, attempt, async (uow) => {
    const { em, organizationId, actor, now } = uow;
    const { facts } = await readSetup(uow, organizationId, now);
    const decided = decideFinish(facts);
    if (!decided.ok) return decided;
    const setup = await em.findOneOrFail(SetupSchema, organizationId);
    if (setup.finishedAt !== null) return ok(undefined);
    em.assign(setup, { finishedAt: now, finishedBy: actor.name });
    uow.log({ ...attempt, after: { provider: facts.provider, open: decided.value.open } });
    return ok(undefined);
  });
}
