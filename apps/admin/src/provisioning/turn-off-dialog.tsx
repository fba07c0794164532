import { Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../api-error.ts";
import { DialogActions } from "../components/dialog-actions.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { say } from "../components/toast.ts";
import { disableMutation, sessionQuery } from "../queries.ts";

type TurnOffDialogProps = {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly managedMembers: number;
};

/** Turns provisioning off after the organization's name has been typed. People and their roles stay. */
export function TurnOffDialog({ opened, onClose, managedMembers }: TurnOffDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Turn provisioning off">
      <TurnOffForm onClose={onClose} managedMembers={managedMembers} />
    </Modal>
  );
}

function TurnOffForm({ onClose, managedMembers }: Omit<TurnOffDialogProps, "opened">): ReactNode {
  const [confirm, setConfirm] = useState("");
  const session = useQuery(sessionQuery);
  const disable = useMutation(disableMutation);
  const { fieldErrors } = readApiError(disable.error);
  const name = session.data?.organization?.name ?? "";
  const finish = (): void => {
    say("Provisioning is off.");
    onClose();
  };
  const people = managedMembers === 1 ? "1 person" : `${managedMembers.toLocaleString("en")} people`;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        disable.mutate({ confirm }, { onSuccess: finish });
      }}
    >
      <Stack gap="md">
        <ul className="plain-list">
          <li>All SCIM tokens stop at once and stay revoked.</li>
          <li>
            {people} from the directory and all roles stay as they are, with their access; the directory no longer
            manages them.
          </li>
          <li>Roles that the directory made become ordinary roles, which you can edit.</li>
          <li>Members can leave again, and change their e-mail address and password.</li>
        </ul>
        <p className="small quiet">
          Whoever should lose access must be deactivated before. If you turn provisioning on again, people are matched
          by e-mail.
        </p>
        <TextInput
          label={
            <>
              Type <strong>{name}</strong> to confirm
            </>
          }
          value={confirm}
          onChange={(event) => setConfirm(event.currentTarget.value)}
          error={fieldErrors["confirm"]}
          autoComplete="off"
          data-autofocus
        />
        {disable.isError && fieldErrors["confirm"] === undefined && <ErrorNote error={disable.error} />}
        <DialogActions submit="Turn off" isPending={disable.isPending} isDangerous onCancel={onClose} />
      </Stack>
    </form>
  );
}
