import { Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { confirmEmailChangeMutation } from "../account/account-queries.ts";
import { ErrorNote } from "../components/error-note.tsx";
import { LonePage } from "../components/lone-page.tsx";
import { Note } from "../components/note.tsx";

/** Confirms a new address. By a button: programs that look at the links of mails must not do it unasked. */
export function ConfirmEmailScreen(): ReactNode {
  const { token } = useSearch({ from: "/confirm-email" });
  const confirm = useMutation(confirmEmailChangeMutation);
  return (
    <LonePage title="Confirm your new address" lead="From then on you sign in with it.">
      <Stack gap="md">
        {confirm.isError && <ErrorNote error={confirm.error} />}
        {confirm.isSuccess ? (
          <>
            <Note tone="good" isAnnounced>
              Your e-mail address is {confirm.data.email} now.
            </Note>
            <Link to="/account">Go to your account</Link>
          </>
        ) : (
          <Button size="md" loading={confirm.isPending} onClick={() => confirm.mutate({ token })}>
            Confirm the address
          </Button>
        )}
      </Stack>
    </LonePage>
  );
}
