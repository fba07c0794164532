import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import type { Setup } from "./setup-queries.ts";
import { stepTexts } from "./step-messages.ts";

/** A link from the settings to the setup, to start or to continue it. */
export function SetupCard({ setup }: { readonly setup: Setup }): ReactNode {
  const { progress, openStep, settings } = setup;
  if (progress === null && settings.isEnabled) return null;
  if (progress !== null && progress.finishedAt !== null) return null;
  const done = setup.steps.filter(({ isDone }) => isDone).length;
  return (
    <Card
      title={progress === null ? "Set up in five minutes" : "The setup is under way"}
      lead={
        progress === null
          ? "Five steps with every value to paste, pictures of where it goes, and the first requests live. No knowledge of SCIM needed."
          : `${done} of ${setup.steps.length} steps are done. ${openStep === null ? "Finish it when you like." : `Next: ${stepTexts[openStep].label}.`}`
      }
      aside={
        <Button renderRoot={(props) => <Link to="/setup" {...props} />}>
          {progress === null ? "Start the setup" : "Continue the setup"}
        </Button>
      }
    />
  );
}
