import type { ScenarioName } from "./scenario.ts";
import { median } from "./statistics.ts";
import type { Measured } from "./window.ts";

/** The lowest median ratio, ours to the ceiling's requests per second, that is not a regression. */
const floors: Readonly<Record<ScenarioName, number>> = { lookup: 0.55, "okta-mix": 0.27 };

/** The windows of one target, a round each, in the order of the rounds. */
export type Series = { readonly target: string; readonly rounds: readonly Measured[] };

/** What is wrong with these results, a sentence each: a ratio under its floor, a wrong answer. */
export function failuresOf(
  scenario: ScenarioName,
  ceiling: Series | undefined,
  ours: Series | undefined,
): readonly string[] {
  const failures: string[] = [];
  for (const series of [ceiling, ours]) {
    const errors = errorsOf(series);
    if (errors > 0)
      failures.push(`${scenario}: ${series?.target} gave ${errors} wrong answers: ${samplesOf(series).join("; ")}`);
  }
  if (ceiling === undefined || ours === undefined) return failures;
  const ratio = median(ratiosOf(ceiling, ours));
  // Written so that a ratio that is not a number fails.
  if (!(ratio >= floors[scenario]))
    failures.push(`${scenario}: the ratio ${ratio.toFixed(2)} is under its floor of ${floors[scenario]}`);
  return failures;
}

/** A markdown table, a row a target. The first of `all` is what the ratios are to. */
export function tableOf(scenario: ScenarioName, all: readonly Series[]): string {
  const head = `### ${scenario} (floor ${floors[scenario]})

| target | requests/s | ratio [min..max] | p50 ms | p99 ms | server CPU s per 1k requests | server MB | errors |
| --- | --- | --- | --- | --- | --- | --- | --- |
`;
  return head + all.map((series) => rowOf(series, all[0] ?? series)).join("\n");
}

/** Ours to the ceiling's requests per second, round by round. */
export function ratiosOf(ceiling: Series, ours: Series): readonly number[] {
  return ours.rounds.map(
    (round, index) => round.requestsPerSecond / (ceiling.rounds[index]?.requestsPerSecond ?? Number.NaN),
  );
}

function rowOf(series: Series, ceiling: Series): string {
  const ratios = ratiosOf(ceiling, series);
  const range = `${figure(median(ratios), 2)} [${figure(Math.min(...ratios), 2)}..${figure(Math.max(...ratios), 2)}]`;
  const shown = (of: (measured: Measured) => number | undefined, digits: number): string =>
    figure(median(series.rounds.map((round) => of(round) ?? Number.NaN)), digits);
  const cells = [
    series.target,
    shown((round) => round.requestsPerSecond, 0),
    range,
    shown((round) => round.p50, 2),
    shown((round) => round.p99, 2),
    shown((round) => round.cpuPer1k, 3),
    shown((round) => round.megabytes, 0),
    String(errorsOf(series)),
  ];
  return `| ${cells.join(" | ")} |`;
}

const figure = (value: number, digits: number): string => (Number.isNaN(value) ? "-" : value.toFixed(digits));

const errorsOf = (series: Series | undefined): number =>
  (series?.rounds ?? []).reduce((sum, round) => sum + round.errors, 0);

const samplesOf = (series: Series | undefined): readonly string[] =>
  (series?.rounds ?? []).flatMap((round) => round.samples).slice(0, 3);
