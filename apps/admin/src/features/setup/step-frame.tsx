import { Button } from "@mantine/core";
import { setupSteps } from "@rollcall/domain";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useId, useRef } from "react";
import type { Setup, StepId } from "./setup-queries.ts";
import { stepTexts } from "./step-messages.ts";

type StepFrameProps = { readonly setup: Setup; readonly step: StepId; readonly children: ReactNode };

/** A step with its title, content and navigation. A change of steps moves the focus to the title. */
export function StepFrame({ setup, step, children }: StepFrameProps): ReactNode {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current !== step) heading.current?.focus();
    shown.current = step;
  }, [step]);
  const { title, lead } = stepTexts[step];
  return (
    <section className="card setup-step" aria-labelledby={id}>
      <div className="setup-step-head">
        <p className="quiet small">{`Step ${setupSteps.indexOf(step) + 1} of ${setupSteps.length}`}</p>
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <p className="quiet measure">{lead}</p>
      </div>
      {children}
      <StepWays setup={setup} step={step} />
    </section>
  );
}

function StepWays({ setup, step }: Omit<StepFrameProps, "children">): ReactNode {
  const place = setupSteps.indexOf(step);
  const [back, next] = [setupSteps[place - 1], setupSteps[place + 1]];
  const isDone = setup.steps.find(({ id }) => id === step)?.isDone === true;
  return (
    <div className="setup-ways">
      {back !== undefined && (
        <Button variant="default" renderRoot={(props) => <Link to="/setup" search={{ step: back }} {...props} />}>
          Back
        </Button>
      )}
      {next !== undefined && setup.progress !== null && (
        <Button
          variant={isDone ? "filled" : "default"}
          renderRoot={(props) => <Link to="/setup" search={{ step: next }} {...props} />}
        >
          {isDone ? "Continue" : "Skip for now"}
        </Button>
      )}
    </div>
  );
}
