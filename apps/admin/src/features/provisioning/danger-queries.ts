import type { inferOutput } from "@trpc/tanstack-react-query";
import { api } from "../../api.ts";
import { refresh } from "../../queries.ts";

export type TurningOff = inferOutput<typeof api.provisioning.turningOff>;
export type OffPlan = TurningOff["plans"]["release"];

/** Foreseen anew each time that somebody asks, as people come and go meanwhile. */
export const turningOffQuery = api.provisioning.turningOff.queryOptions(undefined, { staleTime: 0 });
export const releasePeopleMutation = api.provisioning.releasePeople.mutationOptions({ onSuccess: refresh });
export const revokeAllTokensMutation = api.tokens.revokeAll.mutationOptions({ onSuccess: refresh });
