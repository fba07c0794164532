export type PlaceBounds = {
  readonly max: number;
  /** At most half of `max`, so that one organization never takes them all. */
  readonly ofOrganizationMax: number;
  readonly ofPersonMax: number;
};

/** Slots for work that holds memory or connections for long; nothing waits for a slot. */
export type Places = {
  /**
   * Takes a slot; the returned function releases it. Undefined if none is free, or if the person or organization has
   * used up theirs.
   */
  take(who: { readonly organizationId: string; readonly accountId: string }): (() => void) | undefined;
};

export function createPlaces({ max, ofOrganizationMax, ofPersonMax }: PlaceBounds): Places {
  const countByHolder = new Map<string, number>();
  const countOf = (holder: string): number => countByHolder.get(holder) ?? 0;
  const add = (holder: string, difference: 1 | -1): void => {
    const count = countOf(holder) + difference;
    if (count > 0) countByHolder.set(holder, count);
    else countByHolder.delete(holder);
  };
  return {
    take({ organizationId, accountId }) {
      const [all, organization, person] = ["all", `organization ${organizationId}`, `person ${accountId}`] as const;
      const isFree = countOf(all) < max && countOf(organization) < ofOrganizationMax && countOf(person) < ofPersonMax;
      if (!isFree) return undefined;
      const holders = [all, organization, person];
      for (const holder of holders) add(holder, 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        for (const holder of holders) add(holder, -1);
      };
    },
  };
}
