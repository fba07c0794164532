import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { type Invitation, resendInvitationMutation } from "./people-queries.ts";

export function InvitationRowActions(props: {
  readonly invitation: Invitation;
  readonly onRevoke: () => void;
}): ReactNode {
  const { id, email } = props.invitation;
  const resend = useMutation(resendInvitationMutation);
  const onSuccess = (): void => showSuccess(`A new link is on its way to ${email}. The previous link no longer works.`);
  return (
    <>
      <div className="row-actions">
        <Button
          variant="default"
          size="xs"
          aria-label={`Send again to ${email}`}
          loading={resend.isPending}
          onClick={() => resend.mutate({ id }, { onSuccess })}
        >
          Send again
        </Button>
        <Button variant="default" size="xs" aria-label={`Withdraw the invitation to ${email}`} onClick={props.onRevoke}>
          Withdraw…
        </Button>
      </div>
      {resend.isError && <ErrorNote error={resend.error} />}
    </>
  );
}
