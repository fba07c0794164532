import { createConcurrencyLimiter } from "@rollcall/db";
import type { Response } from "express";

export type SlotBounds = {
  readonly max: number;
  /** At most half of `max`, so that one organization never takes them all. */
  readonly ofOrganizationMax: number;
  readonly ofPersonMax: number;
};

/** Slots for work that holds memory or connections for long; nothing waits for a slot. */
export type Slots = {
  /**
   * Takes a slot; the returned function releases it. Undefined if none is free, or if the person or organization has
   * used up theirs.
   */
  acquire(who: { readonly organizationId: string; readonly accountId: string }): (() => void) | undefined;
};

export function createSlots({ max, ofOrganizationMax, ofPersonMax }: SlotBounds): Slots {
  const noQueue = { waitingMax: 0, waitingMaxEach: 0, waitMs: 0 };
  const organizations = createConcurrencyLimiter({ max, maxEach: ofOrganizationMax, ...noQueue });
  const people = createConcurrencyLimiter({ max, maxEach: ofPersonMax, ...noQueue });
  return {
    acquire({ organizationId, accountId }) {
      const ofOrganization = organizations.tryAcquire(organizationId);
      if (ofOrganization === undefined) return undefined;
      const ofPerson = people.tryAcquire(accountId);
      if (ofPerson === undefined) {
        ofOrganization();
        return undefined;
      }
      return () => {
        ofOrganization();
        ofPerson();
      };
    },
  };
}

/** Runs `work` when the response has been sent or its connection is closed, also if that was before. */
export function onClosed(res: Response, work: () => void): void {
  res.once("close", work);
  if (res.closed) work();
}
