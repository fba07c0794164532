import { Button, Group } from "@mantine/core";
import { IconCopy, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showError, showSuccess } from "../../ui/toast.ts";
import { readTranscript, type SelfCheck } from "./self-check-queries.ts";

/** Copies or downloads the transcript once the run has ended. */
export function TranscriptActions({ check }: { readonly check: SelfCheck }): ReactNode {
  const copy = useMutation({ mutationFn: () => readTranscript(), onSuccess: copyTranscript });
  const download = useMutation({ mutationFn: () => downloadTranscript(check) });
  return (
    // Invisible during a run, with its space reserved.
    <div className="transcript-actions" data-waiting={check.state === "running"}>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          loading={copy.isPending}
          leftSection={<IconCopy size={15} stroke={1.75} aria-hidden />}
          onClick={() => copy.mutate()}
        >
          Copy transcript
        </Button>
        <Button
          variant="default"
          size="xs"
          loading={download.isPending}
          leftSection={<IconDownload size={15} stroke={1.75} aria-hidden />}
          onClick={() => download.mutate()}
        >
          Download
        </Button>
      </Group>
      {copy.isError && <ErrorNote error={copy.error} />}
      {download.isError && <ErrorNote error={download.error} />}
    </div>
  );
}

async function copyTranscript(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showSuccess("The transcript is copied.");
  } catch {
    showError("Copying is not allowed here. Download the transcript instead.");
  }
}

async function downloadTranscript({ provider, startedAt }: SelfCheck): Promise<void> {
  const url = URL.createObjectURL(new Blob([await readTranscript()], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `rollcall-self-check-${provider}-${startedAt.slice(0, 19).replaceAll(":", "-")}.txt`;
  link.click();
  // The download has started once the click returns.
  URL.revokeObjectURL(url);
}
