import { useQuery } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Page } from "../../ui/page.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { DefaultRoleCard } from "../provisioning/default-role-card.tsx";
import { sessionQuery } from "../../queries.ts";
import { ConnectStep } from "./connect-step.tsx";
import { FinishedCard } from "./finished-card.tsx";
import { OtherOrganizationNote } from "./other-organization-note.tsx";
import { PrerequisitesStep } from "./prerequisites-step.tsx";
import { ProviderStep } from "./provider-step.tsx";
import { liveSetupQuery, type Setup, type StepId } from "./setup-queries.ts";
import { SetupStepper } from "./setup-stepper.tsx";
import { ShareButton } from "./share-button.tsx";
import { StepFrame } from "./step-frame.tsx";
import { TurnOnStep } from "./turn-on-step.tsx";
import { ValidateStep } from "./validate-step.tsx";
import "./setup.css";

/**
 * The setup. The step is in the address, so that it can be shared; without one it redirects to the first
 * unfinished step.
 */
export function SetupScreen(): ReactNode {
  const { step: asked, organization } = useSearch({ from: "/shell/owner/setup" });
  const setup = useQuery(liveSetupQuery);
  const session = useQuery(sessionQuery);
  const organizationId = session.data?.organization?.id;
  return (
    <Page
      title="Set up provisioning"
      lead="Five steps, about five minutes. Any owner can pick up where you left off."
      actions={organizationId !== undefined && <ShareButton step={asked ?? null} organizationId={organizationId} />}
    >
      {organization !== undefined && session.data !== undefined && session.data !== null && (
        <OtherOrganizationNote session={session.data} organizationId={organization} />
      )}
      {setup.isPending && (
        <div className="card">
          <SkeletonLines count={6} height={56} />
        </div>
      )}
      {setup.isError && (
        <div className={setup.data === undefined ? undefined : "notes"}>
          <ErrorNote error={setup.error} onRetry={() => void setup.refetch()} />
        </div>
      )}
      {setup.data !== undefined && <Wizard setup={setup.data} asked={asked} nowMs={setup.dataUpdatedAt} />}
    </Page>
  );
}

type WizardProps = { readonly setup: Setup; readonly asked: StepId | undefined; readonly nowMs: number };

function Wizard({ setup, asked, nowMs }: WizardProps): ReactNode {
  const isFinished = setup.progress !== null && setup.progress.finishedAt !== null;
  if (asked === undefined && isFinished) return <FinishedCard setup={setup} />;
  // With the step in the address it stays open when its checks succeed.
  const step = setup.progress === null ? "provider" : (asked ?? setup.openStep ?? "validate");
  if (step !== asked) return <Navigate to="/setup" search={(search) => ({ ...search, step })} replace />;
  return (
    <div className="setup">
      <SetupStepper setup={setup} current={step} />
      <div className="cards">
        <StepFrame setup={setup} step={step}>
          <StepContent setup={setup} step={step} nowMs={nowMs} />
        </StepFrame>
        {step === "turn-on" && <DefaultRoleCard current={setup.settings.defaultRole} />}
      </div>
    </div>
  );
}

type StepContentProps = { readonly setup: Setup; readonly step: StepId; readonly nowMs: number };

function StepContent({ setup, step, nowMs }: StepContentProps): ReactNode {
  switch (step) {
    case "provider":
      return <ProviderStep setup={setup} />;
    case "prerequisites":
      return <PrerequisitesStep setup={setup} />;
    case "turn-on":
      return <TurnOnStep setup={setup} />;
    case "connect":
      return <ConnectStep setup={setup} />;
    case "validate":
      return <ValidateStep setup={setup} nowMs={nowMs} />;
  }
}
