import { Modal, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogForm } from "../../ui/dialog-form.tsx";
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
  const submit = (form: FormData): void => {
    const [password, code] = [form.get("password"), form.get("code")];
    if (typeof password !== "string" || typeof code !== "string") return;
    const onSuccess = (): void => {
      showSuccess("Two-factor sign-in is off.");
      onClose();
    };
    end.mutate({ password, code }, { onSuccess });
  };
  return (
    <DialogForm
      submit="Turn off"
      mutation={end}
      isDangerous
      showsError={rule !== "passwordWrong" && rule !== "twoFactorWrong"}
      onSubmit={submit}
      onCancel={onClose}
    >
      <p>Your password alone is enough to sign in afterwards. The recovery codes stop working.</p>
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="current-password"
        error={rule === "passwordWrong" ? message : undefined}
        required
        data-autofocus
      />
      <TextInput
        label="Code of the app, or a recovery code"
        name="code"
        autoComplete="one-time-code"
        error={rule === "twoFactorWrong" ? message : undefined}
        required
      />
    </DialogForm>
  );
}
