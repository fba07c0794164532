import { domainIn } from "@rollcall/domain";
import { Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactNode } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogActions } from "../../ui/dialog-actions.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { addDomainMutation } from "./domain-queries.ts";

type AddDomainDialogProps = { readonly opened: boolean; readonly onClose: () => void };

/** Puts a domain on the list; the record that proves it is shown there. */
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
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const domain = new FormData(event.currentTarget).get("domain");
    if (typeof domain !== "string") return;
    const onSuccess = (added: { readonly domain: string }): void => {
      showSuccess(`${added.domain} is added. Verify it next.`);
      onClose();
    };
    add.mutate({ domain }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Domain"
          name="domain"
          placeholder="acme.com"
          description="For example, acme.com."
          autoComplete="off"
          onBlur={({ currentTarget }) => void (currentTarget.value = domainIn(currentTarget.value))}
          error={problem}
          required
          withAsterisk={false}
          data-autofocus
        />
        {add.isError && problem === undefined && <ErrorNote error={add.error} />}
        <DialogActions submit="Add" isPending={add.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}
