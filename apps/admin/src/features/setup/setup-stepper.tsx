import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Setup, StepId } from "./setup-queries.ts";
import { stepTexts } from "./step-messages.ts";

/** The steps as links. */
export function SetupStepper({ setup, current }: { readonly setup: Setup; readonly current: StepId }): ReactNode {
  return (
    <nav className="stepper" aria-label="Steps of the setup">
      <ol>
        {setup.steps.map(({ id, isDone }, place) => (
          <li key={id}>
            <Link
              to="/setup"
              search={{ step: id }}
              data-current={id === current ? "" : undefined}
              data-done={isDone ? "" : undefined}
            >
              <span className="stepper-mark">
                {isDone ? <IconCheck size={16} stroke={2.5} aria-hidden /> : place + 1}
              </span>
              <span className="stepper-label">
                {stepTexts[id].label}
                <span className="visually-hidden">{isDone ? ", done" : ", open"}</span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
