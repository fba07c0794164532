import { Button, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { confirmEmailChangeMutation, emailLinkQuery } from "./account-queries.ts";
import { readApiError } from "../../api-error.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { StandalonePage } from "../../ui/standalone-page.tsx";
import { Note } from "../../ui/note.tsx";

/** Confirms a new address with a button, as mail scanners open links. */
export function ConfirmEmailScreen(): ReactNode {
  const { token } = useSearch({ from: "/confirm-email" });
  return (
    <StandalonePage title="Confirm your new address" lead="You will sign in with it from now on.">
      <FollowLink token={token} button="Confirm the address" next={<Link to="/account">Go to your account</Link>} />
    </StandalonePage>
  );
}

/** Undoes a change of the email address that the account holder did not make. */
export function UndoEmailScreen(): ReactNode {
  const { token } = useSearch({ from: "/undo-email" });
  return (
    <StandalonePage
      title="Take the change back"
      lead="Your account gets its former email address again, and every browser is signed out."
    >
      <FollowLink
        token={token}
        button="Use the former address again"
        next={<Link to="/forgot-password">Set a new password</Link>}
      />
    </StandalonePage>
  );
}

type FollowLinkProps = { readonly token: string; readonly button: string; readonly next: ReactNode };

/** An invalid link shows an error instead of the button. */
function FollowLink({ token, button, next }: FollowLinkProps): ReactNode {
  const link = useQuery(emailLinkQuery(token));
  const confirm = useMutation(confirmEmailChangeMutation);
  if (confirm.isSuccess) {
    return (
      <Stack gap="md">
        <Note tone="good" isAnnounced>
          Your email address is {confirm.data.email} now.
        </Note>
        {next}
      </Stack>
    );
  }
  const { rule, message } = readApiError(confirm.error ?? link.error);
  if (rule !== null) {
    return (
      <Stack gap="md">
        <Note tone="warn" isAnnounced>
          {message}
        </Note>
        {next}
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <QueryStatus query={link} count={2} height={44} />
      {confirm.isError && <ErrorNote error={confirm.error} />}
      {link.isSuccess && (
        <>
          <p>
            Address: <strong>{link.data.email}</strong>
          </p>
          <Button size="md" loading={confirm.isPending} onClick={() => confirm.mutate({ token })}>
            {button}
          </Button>
        </>
      )}
    </Stack>
  );
}
