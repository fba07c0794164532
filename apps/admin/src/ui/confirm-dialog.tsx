import { Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { DialogActions } from "./dialog-actions.tsx";
import { ErrorNote } from "./error-note.tsx";

type ConfirmDialogProps = {
  readonly opened: boolean;
  readonly title: string;
  readonly submit: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly isDangerous?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** Asks before an action and says what it does. `error`: why the last try failed; null where it did not. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { opened, title, submit, isPending, error, isDangerous = false, onConfirm, onClose, children } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm();
        }}
      >
        <Stack gap="md">
          {children}
          {error !== null && <ErrorNote error={error} />}
          <DialogActions submit={submit} isPending={isPending} isDangerous={isDangerous} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
