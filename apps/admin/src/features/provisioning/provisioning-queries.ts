import type { inferOutput } from "@trpc/tanstack-react-query";
import { api } from "../../api.ts";
import { previewed, refresh } from "../../queries.ts";

export type TurningOff = inferOutput<typeof api.provisioning.turningOff>;
export type OffPlan = TurningOff["plans"]["release"];

/** Never cached, as members change. */
export const turningOffQuery = api.provisioning.turningOff.queryOptions(undefined, { staleTime: 0 });
export const defaultRolePreviewQuery = (roleId: string) =>
  api.provisioning.previewDefaultRole.queryOptions({ roleId }, previewed);
export const releasePeopleMutation = api.provisioning.releasePeople.mutationOptions({ onSuccess: refresh });
export const resumePeopleJobMutation = api.provisioning.resumePeopleJob.mutationOptions({ onSuccess: refresh });
export const revokeAllTokensMutation = api.tokens.revokeAll.mutationOptions({ onSuccess: refresh });

export type HeldChange = inferOutput<typeof api.guard.list>[number];

/** The identity provider retries at any time, and another owner may decide. */
export const heldChangesQuery = api.guard.list.queryOptions(undefined, { refetchInterval: 10_000 });
export const guardHoldQuery = api.guard.hold.queryOptions(undefined, { refetchInterval: 30_000 });

export const decideHeldMutation = api.guard.decide.mutationOptions({ onSuccess: refresh });
export const endDecisionsMutation = api.guard.endDecisions.mutationOptions({ onSuccess: refresh });
export const deactivateHeldMutation = api.guard.deactivate.mutationOptions({ onSuccess: refresh });
export const releaseGuardMutation = api.guard.release.mutationOptions({ onSuccess: refresh });
export const endReleaseMutation = api.guard.endRelease.mutationOptions({ onSuccess: refresh });
export const resumeGuardMutation = api.guard.resume.mutationOptions({ onSuccess: refresh });
export const setGuardMutation = api.guard.setOn.mutationOptions({ onSuccess: refresh });
