import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ErrorNote } from "../components/error-note.tsx";
import { signOutMutation } from "../queries.ts";

/** Signs this person out, so that the one who is invited can open the link. */
export function SignInElsewhere({ token }: { readonly token: string }): ReactNode {
  const signOut = useMutation(signOutMutation);
  const navigate = useNavigate();
  return (
    <>
      {signOut.isError && <ErrorNote error={signOut.error} />}
      <Button
        mt="md"
        fullWidth
        loading={signOut.isPending}
        onClick={() =>
          signOut.mutate(undefined, {
            onSuccess: () => void navigate({ to: "/invitation", search: { token }, replace: true }),
          })
        }
      >
        Sign out and open the invitation again
      </Button>
    </>
  );
}
