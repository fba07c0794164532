import type { ReactNode } from "react";

export type Tone = "neutral" | "good" | "warn" | "bad" | "info";

/** A short state as text; the color only repeats it. */
export function Badge(props: {
  readonly tone?: Tone;
  readonly dot?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span className="badge" data-tone={props.tone ?? "neutral"} data-dot={props.dot === true ? "" : undefined}>
      {props.children}
    </span>
  );
}
