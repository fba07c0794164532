import { Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogActions } from "../../ui/dialog-actions.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { issueTokenMutation } from "../../queries.ts";
import { NewToken } from "./new-token.tsx";

/**
 * Asks for a name, then shows the new token once. The secret lives in the mutation alone; as that has `gcTime: 0`,
 * `reset` forgets it at once. While it is on screen, only the button closes the dialog, so that no slip loses it.
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
        <NameForm
          error={issue.error}
          isPending={issue.isPending}
          onCancel={close}
          onName={(name) => issue.mutate({ name })}
        />
      ) : (
        <NewToken token={issue.data.token} expiresAt={issue.data.expiresAt} onDone={close} />
      )}
    </Modal>
  );
}

type NameFormProps = {
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onCancel: () => void;
  readonly onName: (name: string) => void;
};

function NameForm({ error, isPending, onCancel, onName }: NameFormProps): ReactNode {
  const [name, setName] = useState("");
  const fieldError = readApiError(error).fieldErrors["name"];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onName(name);
      }}
    >
      <Stack gap="md">
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
        {error !== null && fieldError === undefined && <ErrorNote error={error} />}
        <DialogActions submit="Generate" isPending={isPending} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
