import { Modal, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogActions } from "../../ui/dialog-actions.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { endTwoFactorMutation } from "./account-queries.ts";

type EndTwoFactorDialogProps = { readonly opened: boolean; readonly onClose: () => void };

/** Requires the password and a code. */
export function EndTwoFactorDialog({ opened, onClose }: EndTwoFactorDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Turn two-factor sign-in off">
      <EndTwoFactorForm onClose={onClose} />
    </Modal>
  );
}

function EndTwoFactorForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const end = useMutation(endTwoFactorMutation);
  const { rule, message } = readApiError(end.error);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [password, code] = [form.get("password"), form.get("code")];
    if (typeof password !== "string" || typeof code !== "string") return;
    const onSuccess = (): void => {
      showSuccess("Two-factor sign-in is off.");
      onClose();
    };
    end.mutate({ password, code }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <p>Your password alone is enough to sign in afterwards. The recovery codes stop working.</p>
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          error={rule === "passwordWrong" ? message : undefined}
          required
          withAsterisk={false}
          data-autofocus
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
        />
        <TextInput
          label="Code of the app, or a recovery code"
          name="code"
          autoComplete="one-time-code"
          error={rule === "twoFactorWrong" ? message : undefined}
          required
          withAsterisk={false}
        />
        {end.isError && rule !== "passwordWrong" && rule !== "twoFactorWrong" && <ErrorNote error={end.error} />}
        <DialogActions submit="Turn off" isPending={end.isPending} isDangerous onCancel={onClose} />
      </Stack>
    </form>
  );
}
