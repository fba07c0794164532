import { Modal } from "@mantine/core";
import { ssoRemovalPhrase, ssoRemovalMessages } from "@rollcall/domain";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { ConfirmationInput } from "../../ui/confirmation-input.tsx";
import { removeSsoMutation, signInWaysQuery } from "./sso-queries.ts";

type RemoveDialogProps = { readonly opened: boolean; readonly onClose: () => void; readonly isRequired: boolean };

/** Removes single sign-on after the number of people who lose their sign-in has been typed. */
export function RemoveDialog({ opened, onClose, isRequired }: RemoveDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Remove single sign-on?">
      <RemoveForm onClose={onClose} isRequired={isRequired} />
    </Modal>
  );
}

function RemoveForm({ onClose, isRequired }: Omit<RemoveDialogProps, "opened">): ReactNode {
  const [confirm, setConfirm] = useState("");
  const ways = useQuery(signInWaysQuery);
  const remove = useMutation(removeSsoMutation);
  const onSuccess = (): void => {
    showSuccess("Single sign-on is removed.");
    onClose();
  };
  if (!ways.isSuccess) return <QueryStatus query={ways} count={3} />;
  return (
    <DialogForm
      submit="Remove"
      mutation={remove}
      isDangerous
      showsError={false}
      onSubmit={() => remove.mutate({ confirm }, { onSuccess, onError: () => void ways.refetch() })}
      onCancel={onClose}
    >
      <ul className="plain-list">
        <li>No one can sign in with the identity provider any more. Sessions that it began end now.</li>
        {ssoRemovalMessages(ways.data).map((message) => (
          <li key={message}>{message}</li>
        ))}
        {isRequired && <li>Single sign-on is no longer required: members who have a password can use it again.</li>}
        <li>The list of people who may use a password is deleted.</li>
      </ul>
      <ConfirmationInput
        word={ssoRemovalPhrase(ways.data.locked)}
        value={confirm}
        onChange={setConfirm}
        error={remove.error}
      />
    </DialogForm>
  );
}
