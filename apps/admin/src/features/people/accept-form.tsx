import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { acceptInvitationMutation, type ShownInvitation } from "./people-queries.ts";

type AcceptFormProps = { readonly token: string; readonly invitation: ShownInvitation };

/** Asks a new person for a name and a password; a signed-in person only confirms. */
export function AcceptForm({ token, invitation }: AcceptFormProps): ReactNode {
  const accept = useMutation(acceptInvitationMutation);
  const { way, email, expiresAt } = invitation;
  const next = `/invitation?token=${token}`;
  if (way === "signIn") {
    return (
      <Stack gap="md">
        <p>You have an account with {email}. Sign in to it to accept.</p>
        <Button size="md" renderRoot={(props) => <Link to="/sign-in" search={{ next }} {...props} />}>
          Sign in
        </Button>
      </Stack>
    );
  }
  const { fieldErrors, rule, message } = readApiError(accept.error);
  const passwordError = rule === "passwordWeak" ? message : fieldErrors["password"];
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, password] = [form.get("name"), form.get("password")];
    const given = {
      token,
      ...(typeof name === "string" ? { name } : {}),
      ...(typeof password === "string" ? { password } : {}),
    };
    // A reload removes all cached data of the former session.
    accept.mutate(given, { onSuccess: ({ isSignedIn }) => window.location.assign(isSignedIn ? "/" : "/sign-in") });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {accept.isError && passwordError === undefined && fieldErrors["name"] === undefined && (
          <ErrorNote error={accept.error} />
        )}
        {way === "signUp" && (
          <TextInput label="Your name" name="name" autoComplete="name" required error={fieldErrors["name"]} />
        )}
        {way !== "join" && (
          <PasswordInput
            label="Choose a password"
            description="At least 12 characters; a few words are easy to remember."
            name="password"
            autoComplete="new-password"
            required
            error={passwordError}
          />
        )}
        <Button type="submit" size="md" loading={accept.isPending}>
          {way === "join" ? "Accept" : "Accept and sign in"}
        </Button>
        <p className="quiet small">
          The invitation ends <Moment at={expiresAt} />.
        </p>
      </Stack>
    </form>
  );
}
