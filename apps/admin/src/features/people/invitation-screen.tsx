import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { StandalonePage } from "../../ui/standalone-page.tsx";
import { Note } from "../../ui/note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { AcceptForm } from "./accept-form.tsx";
import { SignInElsewhere } from "./sign-in-elsewhere.tsx";
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
      {rule === "invitationForOther" && <SignInElsewhere />}
      {(rule === "memberAlready" || rule === "linkEnded") && (
        <Button variant="default" mt="md" fullWidth renderRoot={(props) => <Link to="/" {...props} />}>
          Go to Rollcall
        </Button>
      )}
      {invitation !== undefined && <AcceptForm token={token} invitation={invitation} />}
    </StandalonePage>
  );
}
