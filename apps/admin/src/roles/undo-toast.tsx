import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";

const shownMs = 10_000;

/** Says what was done, with a button that undoes it. */
export function sayUndoable(words: string, undo: () => void): void {
  const id = notifications.show({
    color: "pine",
    role: "status",
    autoClose: shownMs,
    message: (
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <span>{words}</span>
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
