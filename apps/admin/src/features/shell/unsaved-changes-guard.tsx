import { useBlocker } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

/**
 * While it is on screen, asks before the screen is left with unsaved changes: here by a dialog, on reload and on closing
 * the tab by the browser's own. `what`: the changes, as in "Your changes to the mappings are not saved."
 */
export function UnsavedChangesGuard({ what }: { readonly what: string }): ReactNode {
  const blocker = useBlocker({
    // Another view of the same screen keeps the changes, and a signed-out person cannot save them.
    shouldBlockFn: ({ current, next }) => next.pathname !== current.pathname && next.pathname !== "/sign-in",
    enableBeforeUnload: true,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      opened={blocker.status === "blocked"}
      title="Leave without saving?"
      submit="Leave and discard"
      mutation={{ isPending: false, error: null }}
      isDangerous
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      <p>{what} are not saved. If you leave this screen, they are lost.</p>
    </ConfirmDialog>
  );
}
