import { formatCount } from "@rollcall/domain";
import { IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { ExchangeList } from "./exchange-list.tsx";
import { countsOf, formatDuration } from "./run-messages.ts";
import type { SelfCheckStep } from "./self-check-queries.ts";

const outcomes = {
  passed: { Icon: IconCircleCheck, label: "Passed" },
  noted: { Icon: IconInfoCircle, label: "Worth knowing" },
  failed: { Icon: IconCircleX, label: "Failed" },
} as const;

type StepListProps = {
  readonly checkId: string;
  readonly part: string;
  readonly steps: readonly SelfCheckStep[];
  readonly isOpen: boolean;
};

/** The steps of one part, collapsible. */
export function StepList({ checkId, part, steps, isOpen }: StepListProps): ReactNode {
  return (
    <details className="check-part" open={isOpen}>
      <summary>
        <h3>
          {part} <span className="quiet small nowrap">{countsOf(steps)}</span>
        </h3>
      </summary>
      <ol className="check-steps" aria-label={part}>
        {steps.map((step) => (
          <Step key={step.position} checkId={checkId} step={step} />
        ))}
      </ol>
    </details>
  );
}

function Step({ checkId, step }: { readonly checkId: string; readonly step: SelfCheckStep }): ReactNode {
  const { name, outcome, detail, meaning, durationMs, exchangeCount } = step;
  const { Icon, label } = outcomes[outcome];
  return (
    <li data-outcome={outcome}>
      <Icon size={18} stroke={1.75} aria-hidden />
      <div>
        <p className="check-name">
          <span className="visually-hidden">{label}: </span>
          <strong>{capital(name)}</strong>
          {exchangeCount > 0 && <span className="quiet small nowrap">{formatDuration(durationMs)}</span>}
        </p>
        <p className="small">{detail}</p>
        {meaning !== null && <p className="small check-meaning">{meaning}</p>}
        {exchangeCount > 0 && <StepExchanges checkId={checkId} step={step} />}
      </div>
    </li>
  );
}

/** The requests and responses of a step, loaded when opened. */
function StepExchanges({ checkId, step }: { readonly checkId: string; readonly step: SelfCheckStep }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const { exchangeCount, position, name } = step;
  return (
    <details className="check-exchanges" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="small">
        {formatCount(exchangeCount, "request")}
        <span className="visually-hidden"> of: {name}</span>
      </summary>
      {isOpen && <ExchangeList checkId={checkId} position={position} count={exchangeCount} />}
    </details>
  );
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
