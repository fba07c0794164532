const second = 1000;
const steps = [
  ["year", 31_557_600 * second],
  ["month", 2_629_800 * second],
  ["day", 86_400 * second],
  ["hour", 3600 * second],
  ["minute", 60 * second],
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/**
 * `3 minutes ago`, `in 11 months`; `just now` within a minute. Past times are rounded down, future times to
 * the nearest unit, so that seven days that have just begun are not six.
 */
export function relativeTime(iso: string, nowMs: number): string {
  const distanceMs = new Date(iso).getTime() - nowMs;
  const step = steps.find(([, sizeMs]) => Math.abs(distanceMs) >= sizeMs);
  if (step === undefined) return "just now";
  const units = distanceMs / step[1];
  return relative.format(units < 0 ? Math.trunc(units) : Math.round(units), step[0]);
}

/** The time to the second, with its zone. */
export function exactTime(iso: string): string {
  return exact.format(new Date(iso));
}

/** `24 Nov 2026` in the viewer's zone. */
export function dayOf(iso: string): string {
  return day.format(new Date(iso));
}
