import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNote } from "./error-note.tsx";

type DialogFormProps = {
  /** The label of the submit button. */
  readonly submit: string;
  readonly mutation: { readonly isPending: boolean; readonly error: unknown };
  /** False: a field shows the error. */
  readonly showsError?: boolean;
  readonly isDangerous?: boolean;
  readonly onSubmit: (form: FormData) => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
};

/** The content of a dialog that sends a mutation: its fields, the error and the buttons. */
export function DialogForm(props: DialogFormProps): ReactNode {
  const { submit, mutation, showsError = true, isDangerous, onSubmit, onCancel, children } = props;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(new FormData(event.currentTarget));
      }}
    >
      <Stack gap="md">
        {children}
        {showsError && mutation.error !== null && <ErrorNote error={mutation.error} />}
        <DialogActions submit={submit} isPending={mutation.isPending} isDangerous={isDangerous} onCancel={onCancel} />
      </Stack>
    </form>
  );
}

type DialogActionsProps = {
  readonly submit: string;
  readonly isPending: boolean;
  readonly isDangerous?: boolean | undefined;
  readonly onCancel: () => void;
};

/** The buttons of a dialog. */
export function DialogActions({ submit, isPending, isDangerous, onCancel }: DialogActionsProps): ReactNode {
  return (
    <Group justify="flex-end" gap="sm" className="dialog-actions">
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" loading={isPending} {...(isDangerous === true ? { color: "brick" } : {})}>
        {submit}
      </Button>
    </Group>
  );
}
