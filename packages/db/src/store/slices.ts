import { setImmediate as nextTurn } from "node:timers/promises";

/** The longest time to occupy the event loop before other requests are served, in milliseconds. */
const sliceMs = 10;

/**
 * Runs a long computation, serving other requests in between. Each step up to a `yield` must be much shorter than a
 * slice.
 */
export async function runInSlices<T>(steps: Generator<void, T>): Promise<T> {
  let startedMs = performance.now();
  let step = steps.next();
  while (step.done !== true) {
    if (performance.now() - startedMs >= sliceMs) {
      await nextTurn();
      startedMs = performance.now();
    }
    step = steps.next();
  }
  return step.value;
}

/** Runs `work` for each item in slices. */
export function inSlices<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  return runInSlices(
    (function* () {
      for (const item of items) {
        work(item);
        yield;
      }
    })(),
  );
}

/** Maps items in slices. */
export async function mapInSlices<T, R>(items: Iterable<T>, work: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  await inSlices(items, (item) => void results.push(work(item)));
  return results;
}
