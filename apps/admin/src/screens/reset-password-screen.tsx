import { Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { completeResetMutation } from "../account/account-queries.ts";
import { NewPasswordInput } from "../account/new-password-input.tsx";
import { readApiError } from "../api-error.ts";
import { ErrorNote } from "../components/error-note.tsx";
import { LonePage } from "../components/lone-page.tsx";
import { Note } from "../components/note.tsx";

/** Sets a new password by the link of a mail. */
export function ResetPasswordScreen(): ReactNode {
  const { token } = useSearch({ from: "/reset-password" });
  const complete = useMutation(completeResetMutation);
  const { rule, message, fieldErrors } = readApiError(complete.error);
  const problem = rule === "passwordWeak" ? message : fieldErrors["password"];
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    if (typeof password === "string") complete.mutate({ token, password });
  };
  return (
    <LonePage title="Set a new password" lead="Every browser that is signed in as you is signed out.">
      {complete.isSuccess ? (
        <Stack gap="md">
          <Note tone="good" isAnnounced>
            Your new password is set.
          </Note>
          <Link to="/sign-in">Sign in with it</Link>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            {complete.isError && problem === undefined && <ErrorNote error={complete.error} />}
            <NewPasswordInput name="password" error={problem} />
            <Button type="submit" size="md" loading={complete.isPending}>
              Set the password
            </Button>
            <Link to="/forgot-password">Ask for another link</Link>
          </Stack>
        </form>
      )}
    </LonePage>
  );
}
