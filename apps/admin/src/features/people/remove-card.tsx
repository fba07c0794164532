import { Button, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { refreshAll } from "../../api.ts";
import { Card } from "../../ui/card.tsx";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { Note } from "../../ui/note.tsx";
import { ConfirmationInput } from "../../ui/confirmation-input.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { type MemberDetail, removeMemberMutation } from "./people-queries.ts";

/** Removes a member, or says why that is not possible. */
export function RemoveCard({ detail }: { readonly detail: MemberDetail }): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const { member, removal } = detail;
  const lead = member.isManaged
    ? `${member.name} is managed by your identity provider. Take them out of the application there; if removed only here, they may be added again.`
    : `${member.name} loses access to this organization. Their account stays.`;
  return (
    <Card
      title="Remove from the organization"
      lead={lead}
      aside={
        <Button
          variant="default"
          disabled={removal !== null}
          aria-describedby={removal === null ? undefined : "removal-impossible"}
          onClick={() => setIsAsking(true)}
        >
          Remove…
        </Button>
      }
    >
      {removal !== null && (
        <p id="removal-impossible" className="quiet small">
          {removal}
        </p>
      )}
      <Modal opened={isAsking} onClose={() => setIsAsking(false)} title={`Remove ${member.name}?`}>
        <RemoveForm member={member} onClose={() => setIsAsking(false)} />
      </Modal>
    </Card>
  );
}

type RemoveFormProps = { readonly member: MemberDetail["member"]; readonly onClose: () => void };

function RemoveForm({ member, onClose }: RemoveFormProps): ReactNode {
  const [confirm, setConfirm] = useState("");
  const remove = useMutation(removeMemberMutation);
  const navigate = useNavigate();
  const onSuccess = (): void => {
    showSuccess(`${member.name} is removed.`);
    // Leaves the removed member's page before its query is refetched.
    void navigate({ to: "/members" }).then(refreshAll);
  };
  return (
    <DialogForm
      submit="Remove"
      mutation={remove}
      isDangerous
      showsError={!member.isManaged}
      onSubmit={() => remove.mutate({ id: member.id, ...(member.isManaged ? { confirm } : {}) }, { onSuccess })}
      onCancel={onClose}
    >
      <ul className="plain-list">
        <li>They lose access and all roles here immediately, in every browser.</li>
        <li>Their account and other organizations stay as they are.</li>
      </ul>
      {member.isManaged && (
        <>
          <Note tone="warn">
            Your identity provider still has {member.name} and may bring them back at its next synchronization. To
            remove them for good, do it there.
          </Note>
          <ConfirmationInput word={member.name} isName value={confirm} onChange={setConfirm} error={remove.error} />
        </>
      )}
    </DialogForm>
  );
}
