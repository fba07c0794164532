/** Room for work that holds memory or connections for long: so many at a time in the process, and fewer of each person. */
export type Places = {
  /** Takes a place; the answer gives it back. Undefined: none is free, or the person has theirs already. */
  take(accountId: string): (() => void) | undefined;
};

export function createPlaces(bounds: { readonly max: number; readonly ofPersonMax: number }): Places {
  const countByAccount = new Map<string, number>();
  let count = 0;
  return {
    take(accountId) {
      const own = countByAccount.get(accountId) ?? 0;
      if (own >= bounds.ofPersonMax || count >= bounds.max) return undefined;
      count++;
      countByAccount.set(accountId, own + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        count--;
        const left = (countByAccount.get(accountId) ?? 1) - 1;
        if (left > 0) countByAccount.set(accountId, left);
        else countByAccount.delete(accountId);
      };
    },
  };
}
