import { Modal, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { DialogActions } from "../components/dialog-actions.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { say } from "../components/toast.ts";
import { removeSsoMutation } from "./sso-queries.ts";

type RemoveDialogProps = { readonly opened: boolean; readonly onClose: () => void; readonly isRequired: boolean };

/** Forgets the identity provider, after saying what follows. */
export function RemoveDialog({ opened, onClose, isRequired }: RemoveDialogProps): ReactNode {
  const remove = useMutation(removeSsoMutation);
  const close = (): void => {
    onClose();
    remove.reset();
  };
  const onSuccess = (): void => {
    say("Single sign-on is removed.");
    close();
  };
  return (
    <Modal opened={opened} onClose={close} title="Remove single sign-on?">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          remove.mutate(undefined, { onSuccess });
        }}
      >
        <Stack gap="md">
          <ul className="plain-list">
            <li>Nobody can sign in by the identity provider any more. Whoever is signed in stays so.</li>
            {isRequired && <li>Single sign-on is no longer required: passwords work again for everybody.</li>}
            <li>The list of people who may use a password is forgotten.</li>
          </ul>
          {remove.isError && <ErrorNote error={remove.error} />}
          <DialogActions submit="Remove" isPending={remove.isPending} isDangerous onCancel={close} />
        </Stack>
      </form>
    </Modal>
  );
}
