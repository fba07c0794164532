import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const bounds = { max: 4, maxEach: 2, waitingMax: 6, waitingMaxEach: 3 };

// Guards fairness: an organization that asks for everything leaves places for the others.
test("gives one organization at most its share and the others theirs at once", async () => {
  const turns = createTurns(bounds);
  const entered: string[] = [];
  const enter = async (organizationId: string) => {
    const place = await turns.enter(organizationId);
    entered.push(organizationId);
    return place;
  };
  const many = [1, 2, 3, 4, 5].map(() => enter("a"));
  const other = await enter("b");
  expect(entered).toEqual(["a", "a", "b"]);
  expect(await turns.enter("a")).toBeUndefined();
  (await many[0])?.leave();
  await many[2];
  expect(entered).toEqual(["a", "a", "b", "a"]);
  other?.leave();
  other?.leave();
  (await many[1])?.leave();
  await many[3];
  (await many[2])?.leave();
  await many[4];
  expect(entered.filter((one) => one === "a")).toHaveLength(5);
});

test("lets the organization with the fewest at work go first, however long another one's queue is", async () => {
  const turns = createTurns({ ...bounds, max: 2 });
  const first = [await turns.enter("a"), await turns.enter("a")];
  const order: string[] = [];
  const later = ["a", "a", "b"].map(async (name) => {
    const place = await turns.enter(name);
    order.push(name);
    return place;
  });
  first[0]?.leave();
  await later[2];
  expect(order).toEqual(["b"]);
  first[1]?.leave();
  await later[0];
  expect(order).toEqual(["b", "a"]);
});

test("refuses where too many wait in all", async () => {
  const turns = createTurns({ ...bounds, max: 0 });
  for (const name of ["a", "b", "c", "d", "e", "f"]) void turns.enter(name);
  await Promise.resolve();
  expect(await turns.enter("g")).toBeUndefined();
});
