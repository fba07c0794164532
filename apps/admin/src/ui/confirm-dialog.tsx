import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { DialogForm } from "./dialog-form.tsx";

type ConfirmDialogProps = {
  readonly opened: boolean;
  readonly title: string;
  readonly submit: string;
  readonly mutation: { readonly isPending: boolean; readonly error: unknown };
  readonly isDangerous?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** Asks before an action and says what it does. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { opened, title, submit, mutation, isDangerous = false, onConfirm, onClose, children } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <DialogForm submit={submit} mutation={mutation} isDangerous={isDangerous} onSubmit={onConfirm} onCancel={onClose}>
        {children}
      </DialogForm>
    </Modal>
  );
}
