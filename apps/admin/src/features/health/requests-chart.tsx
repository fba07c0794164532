import { formatCount } from "@rollcall/domain";
import type { ReactNode } from "react";
import type { RequestHour } from "./health-queries.ts";
import { formatClock, formatHour, formatMs } from "./hour-messages.ts";

/** In units of the viewBox: each hour is ten wide; heights are in hundredths. */
const hourWidth = 10;
const barWidth = 7;
const labelEveryHours = 6;
/** The minimum height of a bar, so that a single request is visible. */
const heightMin = 1.5;

/**
 * Two rows over the same hours: the number of requests by outcome, and their p50 to
 * p95 duration. The table beside it has the numbers.
 */
export function RequestsChart({ hours }: { readonly hours: readonly RequestHour[] }): ReactNode {
  const most = niceMax(Math.max(...hours.map(totalOf)));
  const slowest = niceMax(Math.max(...hours.map(({ p95Ms }) => p95Ms ?? 0)));
  const first = hours[0]?.startsAt;
  return (
    <figure className="chart" aria-label={summaryOf(hours)}>
      <Row title="Requests per hour" top={most.toLocaleString("en")}>
        {hours.map((hour, place) => (
          <Bars key={hour.startsAt} hour={hour} place={place} most={most} />
        ))}
      </Row>
      <Row title="Duration of a request" top={`${slowest.toLocaleString("en")} ms`}>
        {hours.map((hour, place) => (
          <Times key={hour.startsAt} hour={hour} place={place} slowest={slowest} />
        ))}
      </Row>
      <div className="chart-hours quiet" aria-hidden>
        {hours.map(
          ({ startsAt }, place) =>
            place % labelEveryHours === 0 && (
              <span key={startsAt} style={{ left: `${(place / hours.length) * 100}%` }}>
                {formatClock(startsAt)}
              </span>
            ),
        )}
        <span className="chart-now">{first === undefined ? "" : "now"}</span>
      </div>
    </figure>
  );
}

type RowProps = { readonly title: string; readonly top: string; readonly children: ReactNode };

function Row({ title, top, children }: RowProps): ReactNode {
  return (
    <div className="chart-row">
      <div className="chart-scale quiet" aria-hidden>
        <span>{title}</span>
        <span>{top}</span>
      </div>
      <svg viewBox={`0 0 ${24 * hourWidth} 100`} preserveAspectRatio="none" aria-hidden focusable="false">
        <line className="chart-grid" x1="0" x2={24 * hourWidth} y1="0.5" y2="0.5" />
        <line className="chart-grid" x1="0" x2={24 * hourWidth} y1="50" y2="50" />
        {children}
        <line className="chart-base" x1="0" x2={24 * hourWidth} y1="100" y2="100" />
      </svg>
    </div>
  );
}

type BarsProps = { readonly hour: RequestHour; readonly place: number; readonly most: number };

/** Successful requests at the bottom, failures on top. */
function Bars({ hour, place, most }: BarsProps): ReactNode {
  const x = place * hourWidth + (hourWidth - barWidth) / 2;
  return (
    <g>
      <title>{`${formatHour(hour.startsAt)}: ${hour.answered} succeeded, ${hour.refused} refused, ${hour.failed} failed`}</title>
      <rect className="chart-hover" x={place * hourWidth} width={hourWidth} y="0" height="100" />
      {stackOf(hour, most).map(({ mark, top, height }) => (
        <rect key={mark} data-mark={mark} x={x} width={barWidth} y={top} height={height} />
      ))}
    </g>
  );
}
const marks = ["answered", "refused", "failed"] as const;
type Block = { readonly mark: (typeof marks)[number]; readonly top: number; readonly height: number };

function stackOf(hour: RequestHour, most: number): readonly Block[] {
  return marks.reduce<readonly Block[]>((blocks, mark) => {
    if (hour[mark] === 0) return blocks;
    const height = Math.max(heightMin, (hour[mark] / most) * 100);
    return [...blocks, { mark, top: (blocks.at(-1)?.top ?? 100) - height, height }];
  }, []);
}

type TimesProps = { readonly hour: RequestHour; readonly place: number; readonly slowest: number };

function Times({ hour, place, slowest }: TimesProps): ReactNode {
  const { medianMs, p95Ms, startsAt } = hour;
  if (medianMs === null || p95Ms === null) return null;
  const x = place * hourWidth + (hourWidth - barWidth) / 2;
  const heightAt = (ms: number): number => 100 - Math.min(98, Math.max(heightMin, (ms / slowest) * 100));
  const [low, high] = [heightAt(medianMs), heightAt(p95Ms)];
  return (
    <g>
      <title>{`${formatHour(startsAt)}: median ${formatMs(medianMs)}, 95th percentile ${formatMs(p95Ms)}`}</title>
      <rect className="chart-hover" x={place * hourWidth} width={hourWidth} y="0" height="100" />
      <rect data-mark="p95" x={x} width={barWidth} y={high} height={Math.max(heightMin, low - high)} />
      <line data-mark="median" x1={x} x2={x + barWidth} y1={low} y2={low} />
    </g>
  );
}

function totalOf({ answered, refused, failed }: RequestHour): number {
  return answered + refused + failed;
}

/** The next 1, 2 or 5 times a power of ten, for a round scale. */
function niceMax(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

function summaryOf(hours: readonly RequestHour[]): string {
  const busiest = hours.reduce<RequestHour | undefined>(
    (best, hour) => (best === undefined || totalOf(hour) > totalOf(best) ? hour : best),
    undefined,
  );
  const busiestText =
    busiest === undefined
      ? ""
      : ` The busiest hour began ${formatHour(busiest.startsAt)} with ${formatCount(totalOf(busiest), "request")}.`;
  return `Chart of the requests and their duration in the last 24 hours.${busiestText} The table below has every number.`;
}
