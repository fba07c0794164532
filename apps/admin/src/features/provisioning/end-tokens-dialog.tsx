import { Modal, Stack } from "@mantine/core";
import { tokensPhrase } from "@rollcall/domain";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { DialogActions } from "../../ui/dialog-actions.tsx";
import { say } from "../../ui/toast.ts";
import { revokeAllTokensMutation } from "./danger-queries.ts";
import { TypedWord } from "./typed-word.tsx";

type EndTokensDialogProps = { readonly opened: boolean; readonly onClose: () => void; readonly count: number };

/** Ends every token that works after their number has been typed; provisioning stays on. */
export function EndTokensDialog({ opened, onClose, count }: EndTokensDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="End all tokens at once">
      <EndTokensForm onClose={onClose} count={count} />
    </Modal>
  );
}

function EndTokensForm({ onClose, count }: Omit<EndTokensDialogProps, "opened">): ReactNode {
  const [confirm, setConfirm] = useState("");
  const end = useMutation(revokeAllTokensMutation);
  const finish = (): void => {
    say("All tokens have ended.");
    onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        end.mutate({ confirm }, { onSuccess: finish });
      }}
    >
      <Stack gap="md">
        <ul className="plain-list">
          <li>{count === 1 ? "The token is" : `All ${count} tokens are`} stop working immediately, for good.</li>
          <li>Your identity provider cannot make changes until you generate a token and paste it there.</li>
          <li>No one loses access: people, roles and locks stay as they are, and provisioning stays on.</li>
        </ul>
        <TypedWord word={tokensPhrase(count)} value={confirm} onChange={setConfirm} error={end.error} />
        <DialogActions submit="End all tokens" isPending={end.isPending} isDangerous onCancel={onClose} />
      </Stack>
    </form>
  );
}
