import { expect, test } from "vitest";
import { requestFigures } from "./request-figures.ts";

const group = (statusClass: number, durationMs: number, count: number) => ({ statusClass, durationMs, count });

test.each([
  ["no request", [], { answered: 0, refused: 0, failed: 0, medianMs: null, p95Ms: null }],
  ["one request", [group(2, 7, 1)], { answered: 1, refused: 0, failed: 0, medianMs: 7, p95Ms: 7 }],
  [
    "each class apart, redirects with the answered",
    [group(2, 1, 2), group(3, 1, 1), group(4, 2, 3), group(5, 9, 1)],
    { answered: 3, refused: 3, failed: 1, medianMs: 2, p95Ms: 9 },
  ],
  [
    "in any order, by nearest rank",
    [group(2, 500, 5), group(2, 3, 50), group(2, 4, 45)],
    { answered: 100, refused: 0, failed: 0, medianMs: 3, p95Ms: 4 },
  ],
  [
    "one more slow request moves the 95th",
    [group(2, 500, 6), group(2, 3, 50), group(2, 4, 44)],
    { answered: 100, refused: 0, failed: 0, medianMs: 3, p95Ms: 500 },
  ],
])("%s", (_case, groups, figures) => expect(requestFigures(groups)).toEqual(figures));
