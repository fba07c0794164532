import { PasswordInput } from "@mantine/core";
import { passwordLengthMin } from "@rollcall/domain";
import type { ReactNode } from "react";

type NewPasswordInputProps = { readonly name: string; readonly error: string | undefined };

/** The server validates the password, and its error is shown here. */
export function NewPasswordInput({ name, error }: NewPasswordInputProps): ReactNode {
  return (
    <PasswordInput
      label="New password"
      name={name}
      autoComplete="new-password"
      description={`At least ${passwordLengthMin} characters. A few unrelated words are easy to remember.`}
      error={error}
      required
      visibilityToggleButtonProps={{ "aria-label": "Show the new password" }}
    />
  );
}
