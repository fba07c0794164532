import { expect, test } from "vitest";
import { pageAnchors, type ListKey } from "./page-anchors.ts";

const now = new Date("2026-11-25T12:00:00Z");
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const mine: ListKey = { credential: { keyId: "a", secretHash: Buffer.from("a") }, query: "[]" };
const place = { key: "p", id: "01900000-0000-7000-8000-000000000001" };

// Behind a load balancer a node serves only some pages of a list, and late pages must stay fast.
test("a page begins at the nearest place that is known, at most ten pages back", () => {
  const anchors = pageAnchors();
  anchors.remember(mine, 101, place, now);
  expect(anchors.find(mine, 101, 100, now)).toEqual({ after: place, offset: 0 });
  expect(anchors.find(mine, 301, 100, now)).toEqual({ after: place, offset: 200 });
  expect(anchors.find(mine, 1101, 100, now)).toEqual({ after: place, offset: 1000 });
  expect(anchors.find(mine, 1201, 100, now)).toBeUndefined();
  expect(anchors.find(mine, 301, 90, now)).toBeUndefined();
  expect(anchors.find(mine, 100, 100, now)).toBeUndefined();
  anchors.remember(mine, 201, { ...place, key: "q" }, now);
  expect(anchors.find(mine, 301, 100, now)).toEqual({ after: { ...place, key: "q" }, offset: 100 });
});

test("a place is remembered for a minute, for its own token and its own list", () => {
  const anchors = pageAnchors();
  anchors.remember(mine, 101, place, now);
  expect(anchors.find(mine, 101, 100, later(59))).toBeDefined();
  expect(anchors.find(mine, 101, 100, later(60))).toBeUndefined();
  expect(anchors.find({ ...mine, query: "[1]" }, 101, 100, now)).toBeUndefined();
  const other = { keyId: "a", secretHash: Buffer.from("b") };
  expect(anchors.find({ ...mine, credential: other }, 101, 100, now)).toBeUndefined();
});

test("the memory is bounded: the oldest places go first", () => {
  const anchors = pageAnchors();
  for (let index = 2; index <= 10_002; index++) anchors.remember(mine, index, place, now);
  expect(anchors.find(mine, 2, 1, now)).toBeUndefined();
  expect(anchors.find(mine, 3, 1, now)).toEqual({ after: place, offset: 0 });
});
