import { Button, Group } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { dismissOfferMutation, offersQuery, restoreRolesMutation } from "./people-queries.ts";

/** Offers to restore the manually granted roles of a returned member. */
export function RestoreRolesNote({ id, name }: { readonly id: string; readonly name: string }): ReactNode {
  const offers = useQuery(offersQuery(id));
  const restore = useMutation(restoreRolesMutation);
  const dismiss = useMutation(dismissOfferMutation);
  if (offers.isError) return <ErrorNote error={offers.error} onRetry={() => void offers.refetch()} />;
  if (offers.data === undefined || offers.data.length === 0) return null;
  const roles = offers.data.map((role) => role.name).join(", ");
  return (
    <Note tone="info">
      <p>
        <strong>{name} is back.</strong> Before, owners had given them {roles} by hand. Such roles do not come back by
        themselves.
      </p>
      <Group gap="sm" mt="xs">
        <Button
          size="xs"
          loading={restore.isPending}
          disabled={dismiss.isPending}
          onClick={() => restore.mutate({ id }, { onSuccess: () => showSuccess(`${name} has ${roles} again.`) })}
        >
          Restore
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={dismiss.isPending}
          disabled={restore.isPending}
          onClick={() =>
            dismiss.mutate({ id }, { onSuccess: () => showSuccess("The former roles were not restored.") })
          }
        >
          Do not restore
        </Button>
      </Group>
      {restore.isError && <ErrorNote error={restore.error} />}
      {dismiss.isError && <ErrorNote error={dismiss.error} />}
    </Note>
  );
}
