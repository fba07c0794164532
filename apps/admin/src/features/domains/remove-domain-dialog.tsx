import { formatPeople } from "@rollcall/domain";
import { Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { ConfirmationInput } from "../../ui/confirmation-input.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { type Domain, removeDomainMutation } from "./domain-queries.ts";

type RemoveDomainDialogProps = { readonly domain: Domain; readonly opened: boolean; readonly onClose: () => void };

/** Removes a domain after its name has been typed. */
export function RemoveDomainDialog({ domain, opened, onClose }: RemoveDomainDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title={`Remove ${domain.domain}`}>
      <RemoveDomainForm domain={domain} onClose={onClose} />
    </Modal>
  );
}

/** Without the domain only members who have accepted keep access. */
function accessMessage({ unacceptedCount: count }: Domain): string {
  if (count === 0) return "No one loses access.";
  const verbs = count === 1 ? "has never signed in here and loses" : "have never signed in here and lose";
  return `${formatPeople(count)} with an address at this domain ${verbs} access until they accept the membership. Everyone else keeps access.`;
}

function RemoveDomainForm({ domain, onClose }: Omit<RemoveDomainDialogProps, "opened">): ReactNode {
  const [confirm, setConfirm] = useState("");
  const remove = useMutation(removeDomainMutation);
  const finish = (): void => {
    showSuccess(`${domain.domain} is removed.`);
    onClose();
  };
  return (
    <DialogForm
      submit="Remove"
      mutation={remove}
      isDangerous
      showsError={false}
      onSubmit={() => remove.mutate({ domain: domain.domain, confirm }, { onSuccess: finish })}
      onCancel={onClose}
    >
      {domain.verifiedAt === null ? (
        <p>The domain is not verified, so nothing changes for your members.</p>
      ) : (
        <ul className="plain-list">
          <li>{accessMessage(domain)}</li>
          <li>No email address changes now.</li>
          <li>Your identity provider can no longer move email addresses from or to {domain.domain}.</li>
          <li>
            People with an address at {domain.domain} who are added or reactivated must accept before they have access.
          </li>
          <li>Another organization can verify the domain.</li>
        </ul>
      )}
      <ConfirmationInput word={domain.domain} isName value={confirm} onChange={setConfirm} error={remove.error} />
    </DialogForm>
  );
}
