import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { requestResetMutation } from "./account-queries.ts";
import { readApiError } from "../../api-error.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { StandalonePage } from "../../ui/standalone-page.tsx";
import { Note } from "../../ui/note.tsx";

/** Requests a reset link. The response is the same whether or not the account exists. */
export function ForgotPasswordScreen(): ReactNode {
  const ask = useMutation(requestResetMutation);
  const { fieldErrors } = readApiError(ask.error);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const email = new FormData(event.currentTarget).get("email");
    if (typeof email === "string") ask.mutate({ email });
  };
  return (
    <StandalonePage title="Forgot your password?" lead="We send you a link by which you can set a new one.">
      {ask.isSuccess ? (
        <Stack gap="md">
          <Note tone="good" isAnnounced>
            If there is an account with this address, an email is on its way. Its link works for one hour.
          </Note>
          <Link to="/sign-in">Back to sign in</Link>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            {ask.isError && fieldErrors["email"] === undefined && <ErrorNote error={ask.error} />}
            <TextInput
              label="Email"
              name="email"
              type="email"
              autoComplete="username"
              error={fieldErrors["email"]}
              required
            />
            <Button type="submit" size="md" loading={ask.isPending}>
              Send the link
            </Button>
            <Link to="/sign-in">Back to sign in</Link>
          </Stack>
        </form>
      )}
    </StandalonePage>
  );
}
