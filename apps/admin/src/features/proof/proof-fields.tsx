import { PasswordInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

export function PasswordField({ problem }: { readonly problem: string | undefined }): ReactNode {
  return (
    <PasswordInput
      label="Your password"
      name="password"
      autoComplete="current-password"
      error={problem}
      required
      data-autofocus
      visibilityToggleButtonProps={{ "aria-label": "Show your password" }}
    />
  );
}

export function CodeField({ problem }: { readonly problem: string | undefined }): ReactNode {
  return (
    <TextInput
      label="Code of your authenticator app"
      description="Or one of your recovery codes."
      name="code"
      autoComplete="one-time-code"
      error={problem}
      required
      data-autofocus
    />
  );
}
