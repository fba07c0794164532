import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Note } from "./note.tsx";
import { Page } from "./page.tsx";

/** Shown when a screen throws or its code cannot be loaded (after a new release). */
export function AppFailure(): ReactNode {
  return (
    <Page title="This screen could not be shown">
      <Note tone="bad" isAnnounced>
        <p>Nothing was changed. Loading the page again usually helps, above all after an update of Rollcall.</p>
        <Button variant="default" size="xs" mt="xs" onClick={() => window.location.reload()}>
          Load again
        </Button>
      </Note>
    </Page>
  );
}
