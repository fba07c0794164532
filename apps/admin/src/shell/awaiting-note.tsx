import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../components/error-note.tsx";
import { Note } from "../components/note.tsx";
import { say } from "../components/toast.ts";
import { acceptMutation, type Session } from "../queries.ts";

/** Memberships that an identity provider made for somebody who has an account already; access begins by accepting. */
export function AwaitingNote({ awaiting }: { readonly awaiting: Session["awaiting"] }): ReactNode {
  const accept = useMutation(acceptMutation);
  if (awaiting.length === 0) return null;
  return (
    <section className="notes" aria-label="Memberships to accept">
      {awaiting.map(({ id, name }) => (
        <Note key={id} tone="info">
          <p>
            <strong>{name}</strong> has added you through its identity provider. You get access when you accept.
          </p>
          <Button
            size="xs"
            loading={accept.isPending && accept.variables.organizationId === id}
            aria-label={`Accept the membership of ${name}`}
            onClick={() =>
              accept.mutate({ organizationId: id }, { onSuccess: () => say(`You are now a member of ${name}.`) })
            }
          >
            Accept
          </Button>
        </Note>
      ))}
      {accept.isError && <ErrorNote error={accept.error} />}
    </section>
  );
}
