import { domainIn } from "@rollcall/domain";
import { Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { addDomainMutation } from "./domain-queries.ts";

type AddDomainDialogProps = { readonly opened: boolean; readonly onClose: () => void };

/** Adds a domain; the list then shows the DNS record to create. */
export function AddDomainDialog({ opened, onClose }: AddDomainDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a domain">
      <AddDomainForm onClose={onClose} />
    </Modal>
  );
}

const atField: readonly (string | null)[] = ["domainMalformed", "domainPublic"];

function AddDomainForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const add = useMutation(addDomainMutation);
  const { rule, message, fieldErrors } = readApiError(add.error);
  const problem = atField.includes(rule) ? message : fieldErrors["domain"];
  const submit = (form: FormData): void => {
    const domain = form.get("domain");
    if (typeof domain !== "string") return;
    const onSuccess = (added: { readonly domain: string }): void => {
      showSuccess(`${added.domain} is added. Verify it next.`);
      onClose();
    };
    add.mutate({ domain }, { onSuccess });
  };
  return (
    <DialogForm submit="Add" mutation={add} showsError={problem === undefined} onSubmit={submit} onCancel={onClose}>
      <TextInput
        label="Domain"
        name="domain"
        placeholder="acme.com"
        description="For example, acme.com."
        autoComplete="off"
        onBlur={({ currentTarget }) => void (currentTarget.value = domainIn(currentTarget.value))}
        error={problem}
        required
        data-autofocus
      />
    </DialogForm>
  );
}
