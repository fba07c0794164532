/**
 * An order in which each operation comes after those it depends on, and otherwise as sent; `circular` holds the
 * operations that depend on themselves, directly or through others (RFC 7644 section 3.7.1).
 */
export type ProcessingOrder = { readonly order: readonly number[]; readonly circular: ReadonlySet<number> };

/** An operation on the current path; `lowest` is the lowest index on the path that is reachable from it. */
type Step = { readonly index: number; next: number; lowest: number };

/**
 * Orders operations by dependency: `needs[i]` are the indexes that operation `i` refers to. Linear in the number of
 * references and without recursion, as a client chooses the depth.
 */
export function orderByNeeds(needs: readonly (readonly number[])[]): ProcessingOrder {
  const order: number[] = [];
  const circular = new Set<number>();
  const placed = new Set<number>();
  const way: Step[] = [];
  const placeOnWay = new Map<number, number>();
  for (const start of needs.keys()) {
    if (!placed.has(start)) enter(start);
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const need = needs[step.index]?.[step.next];
      step.next += 1;
      if (need === undefined) leave(step);
      else if (placeOnWay.has(need)) step.lowest = Math.min(step.lowest, placeOnWay.get(need) ?? 0);
      else if (!placed.has(need)) enter(need);
    }
  }
  return { order, circular };

  function enter(index: number): void {
    placeOnWay.set(index, way.length);
    way.push({ index, next: 0, lowest: Number.POSITIVE_INFINITY });
  }

  function leave({ index, lowest }: Step): void {
    way.pop();
    if (lowest <= way.length) circular.add(index);
    placeOnWay.delete(index);
    placed.add(index);
    order.push(index);
    const below = way.at(-1);
    if (below !== undefined) below.lowest = Math.min(below.lowest, lowest);
  }
}
