import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { signOutMutation } from "../../queries.ts";

/** Signs this person out, so that the one who is invited can open the link. */
export function SignInElsewhere(): ReactNode {
  const signOut = useMutation(signOutMutation);
  return (
    <>
      {signOut.isError && <ErrorNote error={signOut.error} />}
      <Button
        mt="md"
        fullWidth
        loading={signOut.isPending}
        // A whole new page: nothing that was read as somebody else may stay.
        onClick={() => signOut.mutate(undefined, { onSuccess: () => window.location.reload() })}
      >
        Sign out and open the invitation again
      </Button>
    </>
  );
}
