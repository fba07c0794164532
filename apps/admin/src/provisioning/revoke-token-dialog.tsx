import { Modal, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { DialogActions } from "../components/dialog-actions.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { say } from "../components/toast.ts";
import { revokeTokenMutation, type Token } from "../queries.ts";

type RevokeTokenDialogProps = { readonly token: Token | undefined; readonly onClose: () => void };

/** Asks before a token is ended for good. Undefined: the dialog is closed. */
export function RevokeTokenDialog({ token, onClose }: RevokeTokenDialogProps): ReactNode {
  const revoke = useMutation(revokeTokenMutation);
  const close = (): void => {
    onClose();
    revoke.reset();
  };
  return (
    <Modal opened={token !== undefined} onClose={close} title={`Revoke ${token?.name ?? ""}?`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token === undefined) return;
          const onSuccess = (): void => {
            say(`${token.name} is revoked.`);
            close();
          };
          revoke.mutate({ id: token.id }, { onSuccess });
        }}
      >
        <Stack gap="md">
          <p>
            The token is refused from its next use on. Whatever still uses it stops working until it gets another one.
            This cannot be undone.
          </p>
          {revoke.isError && <ErrorNote error={revoke.error} />}
          <DialogActions submit="Revoke" isPending={revoke.isPending} isDangerous onCancel={close} />
        </Stack>
      </form>
    </Modal>
  );
}
