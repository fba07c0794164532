import { expect, test } from "vitest";
import { createConcurrencyLimiter, QueueFull, QueueTimeout } from "./concurrency-limiter.ts";

const bounds = { max: 4, maxEach: 2, waitingMax: 6, waitingMaxEach: 3, waitMs: 5000 };

/** A limiter whose `acquired` lists the holders in the order of their starts. */
function noted(different: Partial<typeof bounds> = {}) {
  const limiter = createConcurrencyLimiter({ ...bounds, ...different });
  const acquired: string[] = [];
  const acquire = async (holder: string) => {
    const release = await limiter.acquire(holder);
    if (release !== undefined) acquired.push(holder);
    return release;
  };
  return { limiter, acquired, acquire };
}

// An organization with many requests must leave capacity for the others.
test("limits one holder to its share and starts others immediately", async () => {
  const { limiter, acquired, acquire } = noted();
  const many = [1, 2, 3, 4, 5].map(() => acquire("a"));
  const other = await acquire("b");
  expect(acquired).toEqual(["a", "a", "b"]);
  expect(await limiter.acquire("a")).toBeUndefined();
  (await many[0])?.();
  await many[2];
  expect(acquired).toEqual(["a", "a", "b", "a"]);
  other?.();
  other?.();
  (await many[1])?.();
  await many[3];
  (await many[2])?.();
  await many[4];
  expect(acquired.filter((one) => one === "a")).toHaveLength(5);
});

test("gives a free slot to the holder with the fewest, regardless of queue lengths", async () => {
  const { acquired, acquire } = noted({ max: 2 });
  const first = [await acquire("a"), await acquire("a")];
  const later = ["a", "a", "b"].map(acquire);
  first[0]?.();
  await later[2];
  expect(acquired).toEqual(["a", "a", "b"]);
  first[1]?.();
  await later[0];
  expect(acquired).toEqual(["a", "a", "b", "a"]);
});

test("serves holders that wait for the same slot in rotation", async () => {
  const { acquired, acquire } = noted({ max: 1, maxEach: 1 });
  const first = await acquire("a");
  const later = ["b", "b", "c", "a"].map(async (holder) => (await acquire(holder))?.());
  first?.();
  await Promise.all(later);
  expect(acquired).toEqual(["a", "b", "c", "a", "b"]);
});

test("rejects when the queue is full or the wait times out", async () => {
  const { limiter } = noted({ max: 0, waitMs: 20 });
  const waiting = ["a", "b", "c", "d", "e", "f"].map((name) => limiter.acquire(name));
  expect(await limiter.acquire("g")).toBeUndefined();
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => undefined));
  await expect(limiter.run("g", () => Promise.resolve())).rejects.toThrow(QueueTimeout);
  const crowd = ["a", "b", "c", "d", "e", "f"].map((name) => limiter.acquire(name));
  await expect(limiter.run("g", () => Promise.resolve())).rejects.toThrow(QueueFull);
  await Promise.all(crowd);
});

// A later step must not be rejected after the first one has had an effect.
test("never rejects work that has started", async () => {
  const { limiter } = noted({ max: 1, maxEach: 1, waitingMax: 0, waitMs: 0 });
  const release = await limiter.acquire("a");
  const next = limiter.acquire("a", true);
  expect(await limiter.acquire("a")).toBeUndefined();
  release?.();
  expect(await next).toBeDefined();
});

test("releases the slot when the work fails", async () => {
  const { limiter } = noted({ max: 1, maxEach: 1 });
  await expect(limiter.run("a", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await limiter.run("a", () => Promise.resolve("done"))).toBe("done");
});
