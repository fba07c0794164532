import { Button, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { completeResetMutation, resetLinkQuery } from "./account-queries.ts";
import { NewPasswordInput } from "./new-password-input.tsx";
import { readApiError } from "../../api-error.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { StandalonePage } from "../../ui/standalone-page.tsx";
import { Note } from "../../ui/note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";

/** Sets a new password from a link in an email. An invalid link shows an error instead of the form. */
export function ResetPasswordScreen(): ReactNode {
  const { token } = useSearch({ from: "/reset-password" });
  const link = useQuery(resetLinkQuery(token));
  const { rule, message } = readApiError(link.error);
  return (
    <StandalonePage title="Set a new password" lead="Every browser that is signed in as you is signed out.">
      {link.isPending && <SkeletonLines count={2} height={44} />}
      {link.isError && rule === null && <ErrorNote error={link.error} onRetry={() => void link.refetch()} />}
      {rule !== null && (
        <Stack gap="md">
          <Note tone="warn">{message}</Note>
          <Link to="/forgot-password">Ask for another link</Link>
        </Stack>
      )}
      {link.isSuccess && <NewPasswordForm token={token} />}
    </StandalonePage>
  );
}

function NewPasswordForm({ token }: { readonly token: string }): ReactNode {
  const complete = useMutation(completeResetMutation);
  const { rule, message, fieldErrors } = readApiError(complete.error);
  const problem = rule === "passwordWeak" ? message : fieldErrors["password"];
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    if (typeof password === "string") complete.mutate({ token, password });
  };
  if (complete.isSuccess) {
    return (
      <Stack gap="md">
        <Note tone="good" isAnnounced>
          Your new password is set.
        </Note>
        <Link to="/sign-in">Sign in with it</Link>
      </Stack>
    );
  }
  return (
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
  );
}
