import { Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { setRemovalPolicyMutation } from "../people/people-queries.ts";
import type { Provisioning } from "../../queries.ts";

/** Whether owners may remove people whom the directory manages. */
export function RemovalCard({ provisioning }: { readonly provisioning: Provisioning }): ReactNode {
  const save = useMutation(setRemovalPolicyMutation);
  const { onlyDirectoryRemoves } = provisioning;
  const change = (onlyDirectory: boolean): void =>
    save.mutate(
      { onlyDirectory },
      {
        onSuccess: () =>
          showSuccess(
            onlyDirectory ? "Only the identity provider removes managed people." : "Owners may remove them as well.",
          ),
      },
    );
  return (
    <Card
      title="Who may remove managed people"
      lead="The identity provider may restore a person removed here, as they are still assigned there."
    >
      <Switch
        label="Identity provider only"
        description="Owners cannot remove people managed by the directory. They can still remove everyone else."
        checked={save.isPending ? save.variables.onlyDirectory : onlyDirectoryRemoves}
        onChange={(event) => change(event.currentTarget.checked)}
      />
      {save.isError && <ErrorNote error={save.error} />}
    </Card>
  );
}
