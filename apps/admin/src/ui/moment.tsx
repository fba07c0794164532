import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { useNow } from "./now.ts";
import { dayOf, exactTime, relativeTime } from "./time-format.ts";

/** Relative time or (`asDay`) the day; the exact time on hover, focus and touch. */
export function Moment({ at, asDay = false }: { readonly at: string; readonly asDay?: boolean }): ReactNode {
  const nowMs = useNow();
  const text = asDay ? dayOf(at) : relativeTime(at, nowMs);
  return (
    <Tooltip label={exactTime(at)}>
      <button type="button" className="moment" aria-label={`${text}, exactly ${exactTime(at)}`}>
        <time dateTime={at}>{text}</time>
      </button>
    </Tooltip>
  );
}

/** The same with the exact time beneath, for logs, where the second matters. */
export function LogMoment({ at }: { readonly at: string }): ReactNode {
  const nowMs = useNow();
  return (
    <time dateTime={at} className="log-moment">
      <span>{relativeTime(at, nowMs)}</span>
      <span className="quiet">{exactTime(at)}</span>
    </time>
  );
}
