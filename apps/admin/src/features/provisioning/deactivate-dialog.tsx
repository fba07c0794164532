import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { deactivateHeldMutation, type HeldChange } from "./provisioning-queries.ts";

type DeactivateDialogProps = { readonly change: HeldChange | undefined; readonly onClose: () => void };

/** Confirms one held deactivation or removal. `change` undefined: closed. */
export function DeactivateDialog({ change, onClose }: DeactivateDialogProps): ReactNode {
  const deactivate = useMutation(deactivateHeldMutation);
  const close = (): void => {
    onClose();
    deactivate.reset();
  };
  const name = change?.name ?? "";
  const isRemoval = change?.kind === "member.deleted";
  const finish = (): void => {
    close();
    showSuccess(isRemoval ? `${name} is removed.` : `${name} is deactivated.`);
  };
  return (
    <ConfirmDialog
      opened={change !== undefined}
      title={isRemoval ? `Remove ${name} now?` : `Deactivate ${name} now?`}
      submit={isRemoval ? "Remove now" : "Deactivate now"}
      isDangerous
      mutation={deactivate}
      onConfirm={() => change !== undefined && deactivate.mutate({ id: change.id }, { onSuccess: finish })}
      onClose={close}
    >
      <p>
        <strong>{name}</strong> loses access to this organization immediately, and all their sessions here end. Other
        removals stay on hold.
      </p>
    </ConfirmDialog>
  );
}
