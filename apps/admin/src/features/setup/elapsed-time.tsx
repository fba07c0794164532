import type { ReactNode } from "react";
import { exactTime, relativeTime } from "../../ui/time-format.ts";

/** When something was, to the second at first. `nowMs` is when the server was last asked, which is every two seconds. */
export function ElapsedTime({ at, nowMs }: { readonly at: string; readonly nowMs: number }): ReactNode {
  return (
    <time dateTime={at} title={exactTime(at)}>
      {elapsedWords(at, nowMs)}
    </time>
  );
}

function elapsedWords(at: string, nowMs: number): string {
  // The server's clock may be a little ahead of this machine's.
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(at)) / 1000));
  if (seconds >= 60) return relativeTime(at, nowMs);
  return `${seconds} ${seconds === 1 ? "second" : "seconds"} ago`;
}
