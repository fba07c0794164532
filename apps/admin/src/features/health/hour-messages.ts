const hour = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** `Wed, 14:00 CET`: the start of an hour with its time zone. */
export function formatHour(iso: string): string {
  return hour.format(new Date(iso));
}

/** `14:00`, for places that show the zone nearby. */
export function formatClock(iso: string): string {
  return clock.format(new Date(iso));
}

/** A duration in milliseconds, or a dash if there was no request. */
export function formatMs(ms: number | null): string {
  return ms === null ? "–" : `${ms.toLocaleString("en")} ms`;
}

/** The name of the viewer's time zone: `Central European Standard Time`. */
export function timeZoneLabel(): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZoneName: "long" }).formatToParts();
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "your own time zone";
}
