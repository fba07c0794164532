import { Checkbox, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { Note } from "../../ui/note.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { provisioningQuery, rolesQuery } from "../../queries.ts";
import { sendInvitationMutation } from "./people-queries.ts";

type InviteDialogProps = { readonly opened: boolean; readonly onClose: () => void };

/** Invites a person by email, with the roles granted on acceptance. */
export function InviteDialog({ opened, onClose }: InviteDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite someone">
      <InviteForm onClose={onClose} />
    </Modal>
  );
}

function InviteForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [email, setEmail] = useState("");
  const [chosenIds, setChosenIds] = useState<readonly string[]>();
  const roles = useQuery(rolesQuery);
  const provisioning = useQuery(provisioningQuery);
  const send = useMutation(sendInvitationMutation);
  const { fieldErrors, rule, message } = readApiError(send.error);
  const firstChoice = (roles.data ?? []).filter(({ isDefault }) => isDefault).map(({ id }) => id);
  const roleIds = chosenIds ?? firstChoice;
  const emailError = fieldErrors["email"] ?? (rule === null ? undefined : message);
  const finish = (): void => {
    showSuccess(`An invitation is on its way to ${email.trim()}.`);
    onClose();
  };
  return (
    <DialogForm
      submit="Send invitation"
      mutation={send}
      showsError={emailError === undefined && fieldErrors["roleIds"] === undefined}
      onSubmit={() => send.mutate({ email, roleIds: [...roleIds] }, { onSuccess: finish })}
      onCancel={onClose}
    >
      {provisioning.data?.isEnabled === true && (
        <Note tone="info">
          Your identity provider manages this organization’s members. Assign people there; invite only those who are not
          in it, such as guests.
        </Note>
      )}
      <TextInput
        label="Email"
        description="The link in the email works for seven days, and for this address only."
        type="email"
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={emailError}
        data-autofocus
      />
      <QueryStatus query={roles} count={3} height={28} />
      {roles.data !== undefined && (
        <Checkbox.Group label="Roles" value={[...roleIds]} onChange={setChosenIds} error={fieldErrors["roleIds"]}>
          <Stack gap="xs" mt="xs">
            {roles.data.map(({ id, name, kind }) => (
              <Checkbox
                key={id}
                value={id}
                label={name}
                description={kind === "owner" ? "Full rights, these settings included" : undefined}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </DialogForm>
  );
}
