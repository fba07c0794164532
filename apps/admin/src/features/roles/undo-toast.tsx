import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { MutationOptions } from "@tanstack/react-query";
import { queryClient } from "../../api.ts";
import { readApiError } from "../../api-error.ts";
import { showSuccess } from "../../ui/toast.ts";

const shownMs = 10_000;

/** Shows a success message with an undo button. */
export function showUndoable(message: string, undo: () => void): void {
  const id = notifications.show({
    color: "pine",
    role: "status",
    autoClose: shownMs,
    message: (
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <span>{message}</span>
        <Button
          variant="default"
          size="xs"
          flex="none"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}

/** Runs a mutation outside of any screen and shows its outcome as a toast. */
export function undoBy<Data, Failure, Variables, Context>(
  options: MutationOptions<Data, Failure, Variables, Context>,
  variables: Variables,
  message: string,
): void {
  const undone = queryClient.getMutationCache().build(queryClient, options).execute(variables);
  void undone.then(
    () => showSuccess(message),
    (cause: unknown) => notifications.show({ color: "brick", role: "alert", message: readApiError(cause).message }),
  );
}
