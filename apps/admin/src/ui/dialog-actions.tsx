import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";

type DialogActionsProps = {
  readonly submit: string;
  readonly isPending: boolean;
  readonly isDangerous?: boolean;
  readonly onCancel: () => void;
};

/** The closing row of a dialog that is a form. */
export function DialogActions({ submit, isPending, isDangerous, onCancel }: DialogActionsProps): ReactNode {
  return (
    <Group justify="flex-end" gap="sm" mt="xs">
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" loading={isPending} {...(isDangerous === true ? { color: "brick" } : {})}>
        {submit}
      </Button>
    </Group>
  );
}
