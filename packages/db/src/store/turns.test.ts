import { expect, test } from "vitest";
import { Busy, createTurns, WaitOver } from "./turns.ts";

const bounds = { max: 4, maxEach: 2, waitingMax: 6, waitingMaxEach: 3, waitMs: 5000 };

/** A limiter whose `entered` lists the holders in the order of their starts. */
function noted(different: Partial<typeof bounds> = {}) {
  const turns = createTurns({ ...bounds, ...different });
  const entered: string[] = [];
  const enter = async (holder: string) => {
    const leave = await turns.enter(holder);
    if (leave !== undefined) entered.push(holder);
    return leave;
  };
  return { turns, entered, enter };
}

// An organization with many requests must leave capacity for the others.
test("limits one holder to its share and starts others immediately", async () => {
  const { turns, entered, enter } = noted();
  const many = [1, 2, 3, 4, 5].map(() => enter("a"));
  const other = await enter("b");
  expect(entered).toEqual(["a", "a", "b"]);
  expect(await turns.enter("a")).toBeUndefined();
  (await many[0])?.();
  await many[2];
  expect(entered).toEqual(["a", "a", "b", "a"]);
  other?.();
  other?.();
  (await many[1])?.();
  await many[3];
  (await many[2])?.();
  await many[4];
  expect(entered.filter((one) => one === "a")).toHaveLength(5);
});

test("gives a free place to the holder with the fewest, regardless of queue lengths", async () => {
  const { entered, enter } = noted({ max: 2 });
  const first = [await enter("a"), await enter("a")];
  const later = ["a", "a", "b"].map(enter);
  first[0]?.();
  await later[2];
  expect(entered).toEqual(["a", "a", "b"]);
  first[1]?.();
  await later[0];
  expect(entered).toEqual(["a", "a", "b", "a"]);
});

test("serves holders that wait for the same place in rotation", async () => {
  const { entered, enter } = noted({ max: 1, maxEach: 1 });
  const first = await enter("a");
  const later = ["b", "b", "c", "a"].map(async (holder) => (await enter(holder))?.());
  first?.();
  await Promise.all(later);
  expect(entered).toEqual(["a", "b", "c", "a", "b"]);
});

test("rejects when the queue is full or the wait is over", async () => {
  const { turns } = noted({ max: 0, waitMs: 20 });
  const waiting = ["a", "b", "c", "d", "e", "f"].map((name) => turns.enter(name));
  expect(await turns.enter("g")).toBeUndefined();
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => undefined));
  await expect(turns.run("g", () => Promise.resolve())).rejects.toThrow(WaitOver);
  const crowd = ["a", "b", "c", "d", "e", "f"].map((name) => turns.enter(name));
  await expect(turns.run("g", () => Promise.resolve())).rejects.toThrow(Busy);
  await Promise.all(crowd);
});

// A later step must not be rejected after the first one has had an effect.
test("never rejects work that has begun", async () => {
  const { turns } = noted({ max: 1, maxEach: 1, waitingMax: 0, waitMs: 0 });
  const leave = await turns.enter("a");
  const next = turns.enter("a", true);
  expect(await turns.enter("a")).toBeUndefined();
  leave?.();
  expect(await next).toBeDefined();
});

test("releases the place when the work fails", async () => {
  const { turns } = noted({ max: 1, maxEach: 1 });
  await expect(turns.run("a", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await turns.run("a", () => Promise.resolve("done"))).toBe("done");
});
