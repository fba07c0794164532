import { Checkbox, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { enableMutation } from "../../queries.ts";

type TurnOnDialogProps = {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly defaultRoleName: string | null;
  readonly hasSso: boolean;
};

/** Turns provisioning on. Without single sign-on the owner must acknowledge that. */
export function TurnOnDialog({ opened, onClose, ...facts }: TurnOnDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Turn provisioning on">
      <TurnOnForm onClose={onClose} {...facts} />
    </Modal>
  );
}

function TurnOnForm({ onClose, defaultRoleName, hasSso }: Omit<TurnOnDialogProps, "opened">): ReactNode {
  const [isAcknowledged, setIsAcknowledged] = useState(false);
  const enable = useMutation(enableMutation);
  const submit = (): void =>
    enable.mutate(
      { acknowledgeNoSso: isAcknowledged },
      {
        onSuccess: () => {
          showSuccess("Provisioning is on.");
          onClose();
        },
      },
    );
  const isUnacknowledged = readApiError(enable.error).rule === "ssoUnacknowledged";
  return (
    <DialogForm
      submit="Turn on"
      mutation={enable}
      showsError={hasSso || !isUnacknowledged}
      onSubmit={() => submit()}
      onCancel={onClose}
    >
      <ul className="plain-list">
        <li>Your identity provider may add, change and deactivate people.</li>
        <li>
          People it adds get the role <strong>{defaultRoleName ?? "(none chosen yet)"}</strong>.
        </li>
        <li>Members can no longer leave, or change their email address or password here.</li>
      </ul>
      {!hasSso && (
        <>
          <Note tone="warn">
            Single sign-on is not set up for this organization. It should come first: people whom the directory adds get
            no password here, and members who have one can no longer change it.{" "}
            <Link to="/settings/sso">Set it up</Link>
          </Note>
          <Checkbox
            label="I know that single sign-on is missing. It will follow."
            checked={isAcknowledged}
            onChange={(event) => setIsAcknowledged(event.currentTarget.checked)}
            error={isUnacknowledged ? readApiError(enable.error).message : undefined}
            data-autofocus
          />
        </>
      )}
    </DialogForm>
  );
}
