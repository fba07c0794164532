import { Button, Divider, Stack, TextInput } from "@mantine/core";
import { ssoProblemMessages, type SsoProblem } from "@rollcall/domain";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { Note } from "../../ui/note.tsx";
import { findSsoMutation } from "./sso-queries.ts";
import { ssoStartOf, withNext } from "./sso-start.ts";

type SsoSignInProps = {
  readonly next: string | undefined;
  /** The error of a password sign-in, which may require single sign-on. */
  readonly refusal: unknown;
};

/** Asks for the organization and redirects to its identity provider. */
export function SsoSignIn({ next, refusal }: SsoSignInProps): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const find = useMutation(findSsoMutation);
  const required = ssoStartOf(refusal, next);
  if (required !== undefined) {
    return (
      <Button component="a" href={required} size="md" fullWidth mt="md">
        Continue with single sign-on
      </Button>
    );
  }
  if (!isAsking) {
    return (
      <Button variant="default" size="md" fullWidth mt="md" onClick={() => setIsAsking(true)}>
        Use single sign-on
      </Button>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const organization = new FormData(event.currentTarget).get("organization");
    if (typeof organization !== "string") return;
    const leave = ({ startPath }: { startPath: string }): void => window.location.assign(withNext(startPath, next));
    find.mutate({ organization }, { onSuccess: leave });
  };
  const { message, fieldErrors } = readApiError(find.error);
  return (
    <form onSubmit={submit}>
      <Divider label="or with single sign-on" mt="xl" />
      <Stack gap="md" mt="md">
        <TextInput
          ref={focus}
          label="Work email or organization id"
          description="The domain of the address leads to your organization."
          name="organization"
          autoComplete="username"
          required
          error={find.isError ? (fieldErrors["organization"] ?? message) : undefined}
        />
        <Button type="submit" variant="default" size="md" loading={find.isPending || find.isSuccess}>
          Continue
        </Button>
      </Stack>
    </form>
  );
}

/** The pressed button has disappeared; the field takes the focus. */
function focus(field: HTMLInputElement | null): void {
  field?.focus();
}

/** Why single sign-on failed. */
export function SsoProblemNote({ problem }: { readonly problem: SsoProblem }): ReactNode {
  return (
    <Note tone="bad" isAnnounced>
      <p>
        <strong>Single sign-on did not work.</strong>
      </p>
      <p>{ssoProblemMessages[problem]}</p>
    </Note>
  );
}
