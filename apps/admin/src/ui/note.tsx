import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Tone } from "./badge.tsx";

const icons = {
  neutral: IconInfoCircle,
  info: IconInfoCircle,
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconAlertTriangle,
} as const;

type NoteProps = { readonly tone: Tone; readonly isAnnounced?: boolean; readonly children: ReactNode };

/** A highlighted message. `isAnnounced`: screen readers announce it. */
export function Note({ tone, isAnnounced = false, children }: NoteProps): ReactNode {
  const Icon = icons[tone];
  return (
    <div className="note" data-tone={tone} role={isAnnounced ? "alert" : undefined}>
      <Icon size={18} stroke={1.75} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
