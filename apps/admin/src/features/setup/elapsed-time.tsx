import { formatCount } from "@rollcall/domain";
import type { ReactNode } from "react";
import { exactTime, relativeTime } from "../../ui/time-format.ts";

/** The time since `at`, in seconds during the first minute. `nowMs`: the time of the last response, every two seconds. */
export function ElapsedTime({ at, nowMs }: { readonly at: string; readonly nowMs: number }): ReactNode {
  return (
    <time dateTime={at} title={exactTime(at)}>
      {formatElapsed(at, nowMs)}
    </time>
  );
}

function formatElapsed(at: string, nowMs: number): string {
  // The server's clock may be ahead of the browser's.
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(at)) / 1000));
  if (seconds >= 60) return relativeTime(at, nowMs);
  return `${formatCount(seconds, "second")} ago`;
}
