import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useRef } from "react";
import { readApiError } from "../api-error.ts";
import { ErrorNote } from "../components/error-note.tsx";
import { Page } from "../components/page.tsx";
import { sessionQuery, signInMutation } from "../queries.ts";
import { SsoProblemNote, SsoSignIn } from "../sso/sso-sign-in.tsx";

/** E-mail and password. What was typed lives in the form alone; a refusal says neither which of them is wrong. */
export function SignInScreen(): ReactNode {
  const { next, sso } = useSearch({ from: "/sign-in" });
  const session = useQuery(sessionQuery);
  const signIn = useMutation(signInMutation);
  const password = useRef<HTMLInputElement>(null);
  if (session.data !== undefined && session.data !== null && (sso === undefined || signIn.isSuccess))
    return <Navigate to={next ?? "/"} replace />;
  const { fieldErrors } = readApiError(signIn.error);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [email, secret] = [form.get("email"), form.get("password")];
    if (typeof email !== "string" || typeof secret !== "string") return;
    signIn.mutate({ email, password: secret }, { onError: () => password.current?.select() });
  };
  return (
    <main className="lone">
      <div className="brand lone-brand">
        <img src="/icon.svg" width={32} height={32} alt="" />
        <span>Rollcall</span>
      </div>
      <div className="card">
        <Page title="Sign in" lead="The roster of your organization, in step with your identity provider.">
          <form onSubmit={submit}>
            <Stack gap="md">
              {sso !== undefined && signIn.isIdle && <SsoProblemNote problem={sso} />}
              {signIn.isError && <ErrorNote error={signIn.error} />}
              <TextInput
                label="E-mail"
                name="email"
                type="email"
                autoComplete="username"
                required
                withAsterisk={false}
                error={fieldErrors["email"]}
              />
              <PasswordInput
                ref={password}
                label="Password"
                name="password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                error={fieldErrors["password"]}
                visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
              />
              <Button type="submit" size="md" loading={signIn.isPending} mt="xs">
                Sign in
              </Button>
            </Stack>
          </form>
          <SsoSignIn next={next} refusal={signIn.error} />
        </Page>
      </div>
    </main>
  );
}
