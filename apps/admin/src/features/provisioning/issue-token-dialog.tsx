import { Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { issueTokenMutation } from "../../queries.ts";
import { NewToken } from "./new-token.tsx";

/**
 * Asks for a name, then shows the new token once. The secret lives in the mutation alone; as that has `gcTime: 0`,
 * `reset` removes it at once. While it is on screen, only the button closes the dialog.
 */
export function IssueTokenDialog({
  opened,
  onClose,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const issue = useMutation(issueTokenMutation);
  const isShown = issue.data !== undefined;
  const close = (): void => {
    // The token is shown only once.
    if (issue.isPending) return;
    onClose();
    issue.reset();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={isShown ? "Your new token" : "Generate a token"}
      closeOnEscape={!isShown}
      closeOnClickOutside={!isShown}
      withCloseButton={!isShown}
    >
      {issue.data === undefined ? (
        <NameForm mutation={issue} onCancel={close} onName={(name) => issue.mutate({ name })} />
      ) : (
        <NewToken token={issue.data.token} expiresAt={issue.data.expiresAt} onDone={close} />
      )}
    </Modal>
  );
}

type NameFormProps = {
  readonly mutation: { readonly isPending: boolean; readonly error: unknown };
  readonly onCancel: () => void;
  readonly onName: (name: string) => void;
};

function NameForm({ mutation, onCancel, onName }: NameFormProps): ReactNode {
  const [name, setName] = useState("");
  const fieldError = readApiError(mutation.error).fieldErrors["name"];
  return (
    <DialogForm
      submit="Generate"
      mutation={mutation}
      showsError={fieldError === undefined}
      onSubmit={() => onName(name)}
      onCancel={onCancel}
    >
      <TextInput
        label="Name"
        description="Where the token will be used, for example “Okta production”."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={100}
        error={fieldError}
        autoComplete="off"
        data-autofocus
      />
    </DialogForm>
  );
}
