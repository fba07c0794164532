import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { signOutMutation } from "../../queries.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { StandalonePage } from "../../ui/standalone-page.tsx";
import { Note } from "../../ui/note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { AcceptForm } from "./accept-form.tsx";
import { invitationQuery } from "./people-queries.ts";

/** Joins, creates an account, asks to sign in first, or explains why the link does not work. */
export function InvitationScreen(): ReactNode {
  const { token } = useSearch({ from: "/invitation" });
  const found = useQuery(invitationQuery(token));
  const { rule, message } = readApiError(found.error);
  const invitation = found.data;
  const title = invitation === undefined ? "Invitation" : `Join ${invitation.organizationName}`;
  return (
    <StandalonePage
      title={title}
      lead={
        invitation === undefined
          ? undefined
          : `${invitation.invitedBy} invites ${invitation.email} to ${invitation.organizationName}.`
      }
    >
      {found.isPending && <SkeletonLines count={3} height={44} />}
      {found.isError && rule === null && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      {rule !== null && <Note tone="warn">{message}</Note>}
      {rule === "invitationForOther" && <SignOutButton />}
      {(rule === "memberAlready" || rule === "linkEnded") && (
        <Button variant="default" mt="md" fullWidth renderRoot={(props) => <Link to="/" {...props} />}>
          Go to Rollcall
        </Button>
      )}
      {invitation !== undefined && <AcceptForm token={token} invitation={invitation} />}
    </StandalonePage>
  );
}

/** Signs out, so that the invited person can open the link. */
function SignOutButton(): ReactNode {
  const signOut = useMutation(signOutMutation);
  return (
    <>
      {signOut.isError && <ErrorNote error={signOut.error} />}
      <Button
        mt="md"
        fullWidth
        loading={signOut.isPending}
        // A reload removes all cached data of the former session.
        onClick={() => signOut.mutate(undefined, { onSuccess: () => window.location.reload() })}
      >
        Sign out and open the invitation again
      </Button>
    </>
  );
}
