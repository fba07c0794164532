import { Button, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { acceptMutation, declineMutation, type Session } from "../../queries.ts";

/** Memberships that an identity provider added for this address; access begins by accepting, and declining ends them. */
export function AwaitingNote({ awaiting }: { readonly awaiting: Session["awaiting"] }): ReactNode {
  const accept = useMutation(acceptMutation);
  const decline = useMutation(declineMutation);
  if (awaiting.length === 0) return null;
  return (
    <section className="notes" aria-label="Memberships to accept">
      {awaiting.map(({ id, name }) => (
        <Note key={id} tone="info">
          <p>
            <strong>{name}</strong> has added you through its identity provider. You get access when you accept. Until
            then, it cannot see or lock your account. Decline if you don’t know it.
          </p>
          <Group gap="xs" wrap="nowrap">
            <Button
              size="xs"
              loading={accept.isPending && accept.variables.organizationId === id}
              aria-label={`Accept the membership of ${name}`}
              onClick={() =>
                accept.mutate(
                  { organizationId: id },
                  { onSuccess: () => showSuccess(`You are now a member of ${name}.`) },
                )
              }
            >
              Accept
            </Button>
            <Button
              size="xs"
              variant="default"
              loading={decline.isPending && decline.variables.organizationId === id}
              aria-label={`Decline the membership of ${name}`}
              onClick={() =>
                decline.mutate(
                  { organizationId: id },
                  { onSuccess: () => showSuccess(`You declined the membership of ${name}.`) },
                )
              }
            >
              Decline
            </Button>
          </Group>
        </Note>
      ))}
      {accept.isError && <ErrorNote error={accept.error} />}
      {decline.isError && <ErrorNote error={decline.error} />}
    </section>
  );
}
