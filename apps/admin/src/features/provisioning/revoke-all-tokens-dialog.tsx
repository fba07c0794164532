import { Modal } from "@mantine/core";
import { tokensPhrase } from "@rollcall/domain";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { revokeAllTokensMutation } from "./provisioning-queries.ts";
import { ConfirmationInput } from "../../ui/confirmation-input.tsx";

type RevokeAllTokensDialogProps = { readonly opened: boolean; readonly onClose: () => void; readonly count: number };

/** Revokes all tokens after their number has been typed; provisioning stays on. */
export function RevokeAllTokensDialog({ opened, onClose, count }: RevokeAllTokensDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Revoke all tokens">
      <RevokeAllTokensForm onClose={onClose} count={count} />
    </Modal>
  );
}

function RevokeAllTokensForm({ onClose, count }: Omit<RevokeAllTokensDialogProps, "opened">): ReactNode {
  const [confirm, setConfirm] = useState("");
  const end = useMutation(revokeAllTokensMutation);
  const finish = (): void => {
    showSuccess("All tokens are revoked.");
    onClose();
  };
  return (
    <DialogForm
      submit="Revoke all tokens"
      mutation={end}
      isDangerous
      showsError={false}
      onSubmit={() => end.mutate({ confirm }, { onSuccess: finish })}
      onCancel={onClose}
    >
      <ul className="plain-list">
        <li>{count === 1 ? "The token stops" : `All ${count} tokens stop`} working immediately, for good.</li>
        <li>Your identity provider cannot make changes until you generate a token and paste it there.</li>
        <li>No one loses access: people, roles and locks stay as they are, and provisioning stays on.</li>
      </ul>
      <ConfirmationInput word={tokensPhrase(count)} value={confirm} onChange={setConfirm} error={end.error} />
    </DialogForm>
  );
}
