import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { type Account, changePasswordMutation } from "./account-queries.ts";
import { LockNote } from "./lock-note.tsx";
import { NewPasswordInput } from "./new-password-input.tsx";

/** Requires the current password. */
export function PasswordCard({ account }: { readonly account: Account }): ReactNode {
  const change = useMutation(changePasswordMutation);
  const lock = account.locks.changePassword;
  const { rule, message, fieldErrors } = readApiError(change.error);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const [current, next] = [data.get("current"), data.get("next")];
    if (typeof current !== "string" || typeof next !== "string") return;
    const onSuccess = (): void => {
      form.reset();
      showSuccess("Your password is changed. Other browsers are signed out.");
    };
    change.mutate({ current, next }, { onSuccess });
  };
  const isAtField = rule === "passwordWrong" || rule === "passwordWeak" || Object.keys(fieldErrors).length > 0;
  return (
    <Card title="Password" lead={lock === null ? "Other browsers are signed out when you change it." : undefined}>
      <div className="stacked">
        {lock !== null && <LockNote lock={lock} />}
        {!account.hasPassword && lock === null && (
          <p className="quiet">
            You have no password yet. Sign out and choose “Forgot your password?” to set one by email.
          </p>
        )}
        <form onSubmit={submit}>
          <fieldset disabled={lock !== null || !account.hasPassword} className="bare">
            <Stack gap="md" maw="26rem">
              <PasswordInput
                label="Current password"
                name="current"
                autoComplete="current-password"
                error={rule === "passwordWrong" ? message : fieldErrors["current"]}
                required
                visibilityToggleButtonProps={{ "aria-label": "Show the current password" }}
              />
              <NewPasswordInput name="next" error={rule === "passwordWeak" ? message : fieldErrors["next"]} />
              {change.isError && !isAtField && <ErrorNote error={change.error} />}
              <Button type="submit" variant="default" loading={change.isPending} mr="auto">
                Change password
              </Button>
            </Stack>
          </fieldset>
        </form>
      </div>
    </Card>
  );
}
