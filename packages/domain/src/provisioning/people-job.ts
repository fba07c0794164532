import { afterProvisioning } from "./provisioning-off.ts";

/** What is done with many people: a choice of turning provisioning off, or the mappings are applied to them. */
export const peopleTreatments = [...afterProvisioning, "applyMappings"] as const;
export type PeopleTreatment = (typeof peopleTreatments)[number];

/** People per transaction: if there are more, they are treated in the background (docs/decisions/0052). */
export const peopleChunk = 500;

/** How often the next people of a job are tried before an owner has to continue it. */
export const peopleJobTriesMax = 6;

/** The wait after a failure: 5 seconds, then twice as long each time. */
export function peopleJobDelayMs(tries: number): number {
  return 5000 * 2 ** (tries - 1);
}
