import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { type Session, switchToMutation } from "../../queries.ts";

type OtherOrganizationNoteProps = { readonly session: Session; readonly organizationId: string };

/** Shown if a shared link belongs to another organization, with a button to switch if possible. */
export function OtherOrganizationNote({ session, organizationId }: OtherOrganizationNoteProps): ReactNode {
  const switchTo = useMutation(switchToMutation);
  if (session.organization === null || session.organization.id === organizationId) return null;
  const meant = session.organizations.find(({ id }) => id === organizationId);
  return (
    <section className="notes" aria-label="Another organization">
      <Note tone="warn">
        <p>
          {meant === undefined
            ? "The link that you followed is for an organization that you are not in. Below is your own."
            : `The link that you followed is for ${meant.name}. Below is ${session.organization.name}.`}
        </p>
        {meant !== undefined && (
          <Button
            size="xs"
            variant="default"
            loading={switchTo.isPending}
            onClick={() =>
              switchTo.mutate({ organizationId }, { onSuccess: () => showSuccess(`You are in ${meant.name} now.`) })
            }
          >
            {`Change to ${meant.name}`}
          </Button>
        )}
      </Note>
      {switchTo.isError && <ErrorNote error={switchTo.error} />}
    </section>
  );
}
