import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { StepId } from "./setup-queries.ts";

type ShareButtonProps = { readonly step: StepId | null; readonly organizationId: string };

/** Copies the address of this step, which opens for every owner of the organization. */
export function ShareButton({ step, organizationId }: ShareButtonProps): ReactNode {
  const clipboard = useClipboard({ timeout: 2500 });
  const Icon = clipboard.copied ? IconCheck : IconLink;
  const query = new URLSearchParams({ ...(step === null ? {} : { step }), organization: organizationId });
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon size={16} stroke={1.75} aria-hidden />}
        onClick={() => clipboard.copy(`${window.location.origin}/setup?${query.toString()}`)}
      >
        {clipboard.copied ? "Link copied" : "Share with another owner"}
      </Button>
      <output className={clipboard.error === null ? "visually-hidden" : "copy-error small"}>
        {clipboard.copied ? "The link to this step is copied. It opens for owners of this organization only." : ""}
        {clipboard.error === null ? "" : "Copying is not allowed here. Copy the address of this page instead."}
      </output>
    </>
  );
}
