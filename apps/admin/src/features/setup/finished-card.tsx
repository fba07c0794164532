import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { restartSetupMutation, type Setup } from "./setup-queries.ts";
import { providerNames, stepTexts } from "./step-messages.ts";

/** What happens from now on, with links back to the steps. */
export function FinishedCard({ setup }: { readonly setup: Setup }): ReactNode {
  const navigate = useNavigate();
  const restart = useMutation(restartSetupMutation);
  const { progress, openStep } = setup;
  if (progress === null || progress.finishedAt === null) return null;
  const again = (): void =>
    restart.mutate(undefined, {
      onSuccess: () => {
        showSuccess("The setup starts again. Only requests from now on are counted.");
        void navigate({ to: "/setup", search: { step: "provider" } });
      },
    });
  return (
    <Card
      title="The setup is finished"
      lead={
        <>
          {progress.finishedBy ?? "An owner"} finished it <Moment at={progress.finishedAt} />.{" "}
          {providerNames[progress.provider]} keeps this organization’s list of people now.
        </>
      }
    >
      <h3>What happens from now on</h3>
      <ul className="plain-list measure">
        <li>People assigned to the app in your identity provider are added here, with the default role.</li>
        <li>Unassigned people lose access immediately. Assigning them again restores the same member.</li>
        <li>
          Groups that are pushed become <Link to="/roles">roles</Link>; what a role allows is still decided here.
        </li>
        <li>
          Every change is under <Link to="/activity">Activity</Link>, every request under{" "}
          <Link to="/requests">Requests</Link>.
        </li>
        <li>The token lasts a year. Owners are notified by email and on every screen before it expires.</li>
        <li>
          If unusually many people would be removed within minutes, mass-removal protection holds this and asks you.
        </li>
      </ul>
      {openStep !== null && (
        <div className="after">
          <Note tone="warn">
            Something is open under{" "}
            <Link to="/setup" search={{ step: openStep }}>
              {stepTexts[openStep].label}
            </Link>
            .
          </Note>
        </div>
      )}
      {restart.isError && <ErrorNote error={restart.error} />}
      <div className="setup-ways">
        <Button variant="default" renderRoot={(props) => <Link to="/setup" search={{ step: "provider" }} {...props} />}>
          Review the steps
        </Button>
        <Button variant="default" loading={restart.isPending} onClick={again}>
          Start again
        </Button>
        <Button renderRoot={(props) => <Link to="/members" {...props} />}>See the members</Button>
      </div>
    </Card>
  );
}
