import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, Navigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { StandalonePage } from "../../ui/standalone-page.tsx";
import { Note } from "../../ui/note.tsx";
import { sessionQuery, signInMutation } from "../../queries.ts";
import { SsoProblemNote, SsoSignIn } from "../sso/sso-sign-in.tsx";

const codeRules: readonly (string | null)[] = ["twoFactorRequired", "twoFactorWrong"];

/** Email and password, then a code if two-factor sign-in is on. The error does not say which of the two is wrong. */
export function SignInScreen(): ReactNode {
  const { next, sso, ended } = useSearch({ from: "/sign-in" });
  const session = useQuery(sessionQuery);
  const signIn = useMutation(signInMutation);
  const password = useRef<HTMLInputElement>(null);
  const [isAskedForCode, setAskedForCode] = useState(false);
  if (session.data !== undefined && session.data !== null && (sso === undefined || signIn.isSuccess))
    return <Navigate to={next ?? "/"} replace />;
  const { fieldErrors, rule, message } = readApiError(signIn.error);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [email, secret] = [form.get("email"), form.get("password")];
    if (typeof email !== "string" || typeof secret !== "string") return;
    const code = form.get("code");
    const onError = (error: unknown): void => {
      const isAboutCode = codeRules.includes(readApiError(error).rule);
      setAskedForCode(isAboutCode);
      if (!isAboutCode) password.current?.select();
    };
    signIn.mutate({ email, password: secret, ...(typeof code === "string" ? { code } : {}) }, { onError });
  };
  return (
    <StandalonePage title="Sign in" lead="Your organization’s members, in sync with your identity provider.">
      <form onSubmit={submit}>
        <Stack gap="md">
          {ended === true && signIn.isIdle && sso === undefined && (
            <Note tone="info" isAnnounced>
              Your session ended. Sign in again to return to where you were.
            </Note>
          )}
          {sso !== undefined && signIn.isIdle && <SsoProblemNote problem={sso} />}
          {signIn.isError && !isAskedForCode && <ErrorNote error={signIn.error} />}
          <TextInput
            label="Email"
            name="email"
            type="email"
            autoComplete="username"
            required
            readOnly={isAskedForCode}
            error={fieldErrors["email"]}
          />
          <PasswordInput
            ref={password}
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            readOnly={isAskedForCode}
            error={fieldErrors["password"]}
          />
          {isAskedForCode && <CodeInput problem={rule === "twoFactorWrong" ? message : undefined} />}
          <Button type="submit" size="md" loading={signIn.isPending} mt="xs">
            Sign in
          </Button>
          <Link to="/forgot-password">Forgot your password?</Link>
        </Stack>
      </form>
      <SsoSignIn next={next} refusal={signIn.error} />
    </StandalonePage>
  );
}

const focus = (input: HTMLInputElement | null): void => input?.focus();

/** The second step if two-factor sign-in is on. The fields of the first step keep their values. */
function CodeInput({ problem }: { readonly problem: string | undefined }): ReactNode {
  return (
    <TextInput
      label="Code of your authenticator app"
      description="Or one of your recovery codes."
      name="code"
      autoComplete="one-time-code"
      required
      ref={focus}
      error={problem}
    />
  );
}
