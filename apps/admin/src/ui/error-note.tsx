import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { mayPass, readApiError } from "../api-error.ts";
import { Note } from "./note.tsx";

/** The server's message and request id; `onRetry` shows a button for errors that may pass. */
export function ErrorNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }): ReactNode {
  const { message, requestId } = readApiError(error);
  return (
    <Note tone="bad" isAnnounced>
      <p>{message}</p>
      {requestId !== null && (
        <p>
          Request <code>{requestId}</code>
        </p>
      )}
      {onRetry !== undefined && mayPass(error) && (
        <Button variant="default" size="xs" mt="xs" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Note>
  );
}
