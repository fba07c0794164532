import { formatPeople } from "@rollcall/domain";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { releasePeopleMutation } from "./provisioning-queries.ts";

/** Shown if members stayed locked when provisioning was turned off, with a button to unlock them. */
export function StillLockedNote({ managedMembers }: { readonly managedMembers: number }): ReactNode {
  const release = useMutation(releasePeopleMutation);
  const onSuccess = ({ count }: { readonly count: number }): void => showSuccess(`${formatPeople(count)} unlocked.`);
  return (
    <div className="after stacked">
      <Note tone="warn">
        <p>
          <strong>{formatPeople(managedMembers)} stayed locked</strong> when provisioning was turned off: they cannot
          leave, and cannot change their email address or password. Unlocked, they keep their access and their roles.
        </p>
        <Button
          variant="default"
          size="xs"
          mt="xs"
          loading={release.isPending}
          onClick={() => release.mutate(undefined, { onSuccess })}
        >
          Unlock them
        </Button>
      </Note>
      {release.isError && <ErrorNote error={release.error} />}
    </div>
  );
}
