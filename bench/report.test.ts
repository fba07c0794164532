import { describe, expect, test } from "vitest";
import { failuresOf, ratiosOf, type Series, tableOf } from "./report.ts";
import type { Measured } from "./window.ts";

const measured = (requestsPerSecond: number, errors = 0): Measured => ({
  requestsPerSecond,
  p50: 1,
  p99: 9,
  cpuPer1k: 0.2,
  megabytes: 150,
  errors,
  samples: errors === 0 ? [] : ["lookup: status 500, wanted 200"],
});

const series = (target: string, ...rates: readonly number[]): Series => ({
  target,
  rounds: rates.map((rate) => measured(rate)),
});

// The exit code of `pnpm bench` stops a regression.
describe("the verdict", () => {
  const ceiling = series("ceiling", 1000, 2000, 1000);

  test("is the median of the rounds' ratios, so that one bad round alone fails nothing", () => {
    const ours = series("rollcall", 600, 200, 550);
    expect(ratiosOf(ceiling, ours)).toEqual([0.6, 0.1, 0.55]);
    expect(failuresOf("lookup", ceiling, ours)).toEqual([]);
  });

  test("fails under the scenario's own floor", () => {
    const ours = series("rollcall", 540, 1080, 540);
    expect(failuresOf("lookup", ceiling, ours)).toEqual(["lookup: the ratio 0.54 is under its floor of 0.55"]);
    expect(failuresOf("okta-mix", ceiling, ours)).toEqual([]);
  });

  test("fails when nothing was measured", () => {
    expect(failuresOf("lookup", ceiling, series("rollcall"))).toHaveLength(1);
  });

  test("fails on a wrong answer of either, however fast it was", () => {
    const wrong = { target: "rollcall", rounds: [measured(9000, 1)] };
    expect(failuresOf("lookup", ceiling, wrong)).toEqual([
      expect.stringMatching(/rollcall gave 1 wrong answers: lookup: status 500/),
    ]);
    expect(failuresOf("lookup", { ...wrong, target: "ceiling" }, undefined)).toHaveLength(1);
  });
});

test("the table has a row a target, with the ratio's range", () => {
  const lines = tableOf("lookup", [series("ceiling", 1000, 1000), series("rollcall", 500, 700)]).split("\n");
  expect(lines.slice(-2)).toEqual([
    "| ceiling | 1000 | 1.00 [1.00..1.00] | 1.00 | 9.00 | 0.200 | 150 | 0 |",
    "| rollcall | 600 | 0.60 [0.50..0.70] | 1.00 | 9.00 | 0.200 | 150 | 0 |",
  ]);
});
