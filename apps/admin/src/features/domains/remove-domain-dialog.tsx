import { Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogActions } from "../../ui/dialog-actions.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { type Domain, removeDomainMutation } from "./domain-queries.ts";

type RemoveDomainDialogProps = { readonly domain: Domain; readonly opened: boolean; readonly onClose: () => void };

/** Tells what changes, and removes the domain once its name has been typed. */
export function RemoveDomainDialog({ domain, opened, onClose }: RemoveDomainDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title={`Remove ${domain.domain}`}>
      <RemoveDomainForm domain={domain} onClose={onClose} />
    </Modal>
  );
}

/** Only members who accepted by themselves keep access without the domain. */
function accessWords({ verifiedAt, unacceptedCount: count }: Domain): string {
  if (verifiedAt === null || count === 0) return "No one loses access.";
  const people = count === 1 ? "One person" : `${count.toLocaleString("en")} people`;
  const verbs = count === 1 ? "has never signed in here and loses" : "have never signed in here and lose";
  return `${people} from there ${verbs} access until they accept the membership. Everybody else keeps access.`;
}

function RemoveDomainForm({ domain, onClose }: Omit<RemoveDomainDialogProps, "opened">): ReactNode {
  const [confirm, setConfirm] = useState("");
  const remove = useMutation(removeDomainMutation);
  const { rule, message } = readApiError(remove.error);
  const isWrong = rule === "confirmationWrong";
  const finish = (): void => {
    showSuccess(`${domain.domain} is removed.`);
    onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        remove.mutate({ domain: domain.domain, confirm }, { onSuccess: finish });
      }}
    >
      <Stack gap="md">
        <ul className="plain-list">
          <li>{accessWords(domain)}</li>
          <li>No email address changes now.</li>
          <li>Your identity provider can no longer move email addresses from or to {domain.domain}.</li>
          <li>People who are added or reactivated from there must accept before they have access.</li>
          <li>Another organization can verify the domain.</li>
        </ul>
        <TextInput
          label={
            <>
              Type <strong>{domain.domain}</strong> to confirm
            </>
          }
          value={confirm}
          onChange={(event) => setConfirm(event.currentTarget.value)}
          error={isWrong ? message : undefined}
          autoComplete="off"
          data-autofocus
        />
        {remove.isError && !isWrong && <ErrorNote error={remove.error} />}
        <DialogActions submit="Remove" isPending={remove.isPending} isDangerous onCancel={onClose} />
      </Stack>
    </form>
  );
}
