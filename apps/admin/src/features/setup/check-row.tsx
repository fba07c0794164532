import { IconAlertTriangle, IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Badge } from "../../ui/badge.tsx";
import type { CheckState } from "./setup-queries.ts";

const looks = {
  open: { Icon: IconCircleDashed, tone: "neutral", label: "Open" },
  accepted: { Icon: IconAlertTriangle, tone: "warn", label: "Will follow" },
  done: { Icon: IconCircleCheck, tone: "good", label: "Done" },
} as const;

type CheckRowProps = {
  readonly state: CheckState;
  readonly title: string;
  /** Replaces "Open" until there is a request. */
  readonly waiting?: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
};

/** A requirement of a step: its state, its evidence or reason, and its action. */
export function CheckRow({ state, title, waiting, action, children }: CheckRowProps): ReactNode {
  const { Icon, tone, label } = looks[state];
  return (
    <li
      className="check-row"
      data-state={state}
      data-waiting={state === "open" && waiting !== undefined ? "" : undefined}
    >
      <Icon className="check-mark" size={22} stroke={1.75} aria-hidden />
      <div className="check-text">
        <h3>
          {title} <Badge tone={tone}>{state === "open" ? (waiting ?? label) : label}</Badge>
        </h3>
        <div className="small">{children}</div>
      </div>
      {action !== undefined && <div className="check-action">{action}</div>}
    </li>
  );
}
