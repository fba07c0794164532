import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import type { Setup } from "./setup-queries.ts";
import { stepTexts } from "./step-messages.ts";

/** A link from the settings to the setup, to start, continue or finish it. */
export function SetupCard({ setup }: { readonly setup: Setup }): ReactNode {
  const { progress, settings } = setup;
  if (progress === null && settings.isEnabled) return null;
  if (progress !== null && progress.finishedAt !== null) return null;
  const { title, lead, action } = textsOf(setup);
  return (
    <Card
      title={title}
      lead={lead}
      aside={<Button renderRoot={(props) => <Link to="/setup" {...props} />}>{action}</Button>}
    />
  );
}

function textsOf({ progress, steps, openStep }: Setup) {
  if (progress === null)
    return {
      title: "Set up in five minutes",
      lead: "Five steps with every value to paste, pictures of where it goes, and the first requests live. No knowledge of SCIM needed.",
      action: "Start the setup",
    };
  if (openStep === null)
    return { title: "The setup is complete", lead: "All steps are done.", action: "Finish the setup" };
  const done = steps.filter(({ isDone }) => isDone).length;
  return {
    title: "The setup is under way",
    lead: `${done} of ${steps.length} steps are done. Next: ${stepTexts[openStep].label}.`,
    action: "Continue the setup",
  };
}
