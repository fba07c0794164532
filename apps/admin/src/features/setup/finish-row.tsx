import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { finishSetupMutation, type Setup, stateIn } from "./setup-queries.ts";

/** Finishes the setup once the provider is connected; lists what is still open. */
export function FinishRow({ setup }: { readonly setup: Setup }): ReactNode {
  const navigate = useNavigate();
  const finish = useMutation(finishSetupMutation);
  if (setup.progress !== null && setup.progress.finishedAt !== null) return null;
  const isConnected = stateIn(setup, "credentialsTested") !== "open" && setup.settings.isEnabled;
  return (
    <div className="after">
      {finish.isError && <ErrorNote error={finish.error} />}
      <div className="finish-row">
        <p id="finish-message" className="small quiet measure">
          {finishMessage(setup, isConnected)}
        </p>
        <Button
          disabled={!isConnected}
          loading={finish.isPending}
          aria-describedby="finish-message"
          onClick={() =>
            finish.mutate(undefined, {
              onSuccess: () => {
                showSuccess("The setup is finished.");
                void navigate({ to: "/setup" });
              },
            })
          }
        >
          Finish the setup
        </Button>
      </div>
    </div>
  );
}

function finishMessage({ openStep }: Setup, isConnected: boolean): string {
  if (!isConnected) return "It can be finished as soon as the credentials are tested and provisioning is on.";
  if (openStep === null) return "All steps are done.";
  return "Your identity provider is connected. You can finish now; the open steps are recorded in the activity log.";
}
