import { expect, test } from "vitest";
import { orderByNeeds } from "./circular-references.ts";

// RFC 7644 sections 3.7 and 3.7.1: what is needed comes first, all else stays as sent; a circle is named whole.
test.each<[string, number[][], number[], number[]]>([
  ["nothing", [], [], []],
  ["no references", [[], [], []], [0, 1, 2], []],
  ["a reference back", [[], [0]], [0, 1], []],
  ["a reference ahead", [[2], [], []], [2, 0, 1], []],
  ["several ahead, one of them twice", [[3, 1, 3], [3], [], []], [3, 1, 0, 2], []],
  ["itself", [[0], []], [0, 1], [0]],
  ["each other", [[1], [0], []], [1, 0, 2], [0, 1]],
  ["a circle of three", [[1], [2], [0]], [2, 1, 0], [0, 1, 2]],
  ["somebody outside refers to a circle", [[1], [2], [1]], [2, 1, 0], [1, 2]],
  ["a circle refers to somebody outside", [[1, 2], [0], []], [1, 2, 0], [0, 1]],
  ["a circle within a circle", [[1], [2, 0], [1]], [2, 1, 0], [0, 1, 2]],
])("%s", (_name, needs, order, circular) => {
  const found = orderByNeeds(needs);
  expect(found.order).toEqual(order);
  expect([...found.circular].sort((left, right) => left - right)).toEqual(circular);
});

// A client chooses how deep references go and how many there are: no recursion, and no second look at what is placed.
test("a chain of 100,000, and 300 that each refer to all that follow, take no more than a moment", () => {
  const length = 100_000;
  const chain = Array.from({ length }, (_, index) => (index + 1 < length ? [index + 1] : []));
  const started = Date.now();
  expect(orderByNeeds(chain).order.slice(0, 2)).toEqual([length - 1, length - 2]);
  const all = Array.from({ length: 300 }, (_, index) => Array.from({ length: 299 - index }, (_, k) => index + k + 1));
  expect(orderByNeeds(all).order.slice(0, 2)).toEqual([299, 298]);
  const everybody = Array.from({ length: 300 }, () => [...Array(300).keys()]);
  expect(orderByNeeds(everybody).circular.size).toBe(300);
  expect(Date.now() - started).toBeLessThan(4000);
});
