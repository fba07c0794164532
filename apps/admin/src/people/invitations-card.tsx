import { Button, Modal, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Badge } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { DialogActions } from "../components/dialog-actions.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { Moment } from "../components/moment.tsx";
import { SkeletonLines } from "../components/skeleton-lines.tsx";
import { say } from "../components/toast.ts";
import {
  type Invitation,
  invitationsQuery,
  resendInvitationMutation,
  revokeInvitationMutation,
} from "./people-queries.ts";

const columns: readonly Column<Invitation>[] = [
  { id: "email", header: "Invited", share: 30, cell: ({ email }) => <span className="title">{email}</span> },
  {
    id: "state",
    header: "Status",
    cell: ({ state, expiresAt }) =>
      state === "open" ? (
        <div>
          <Badge tone="info">Open</Badge>
          <div className="quiet">
            ends <Moment at={expiresAt} />
          </div>
        </div>
      ) : (
        <div>
          <Badge tone="warn">Expired</Badge>
          <div className="quiet">
            <Moment at={expiresAt} />
          </div>
        </div>
      ),
  },
  { id: "roles", header: "Roles", cell: ({ roles }) => (roles.length === 0 ? "The default role" : roles.join(", ")) },
  {
    id: "by",
    header: "Sent",
    cell: ({ invitedBy, sentAt }) => (
      <div>
        <Moment at={sentAt} />
        <div className="quiet">by {invitedBy}</div>
      </div>
    ),
  },
];

/** The invitations, and what stands below them: that waits until it is known whether there are any, and is not pushed down. */
export function BelowInvitations({ children }: { readonly children: ReactNode }): ReactNode {
  // What has failed once is asked for again by the card, which must not go away for that.
  const { isFetched } = useQuery(invitationsQuery);
  return (
    <div className="cards">
      {isFetched ? (
        <>
          <InvitationsCard />
          {children}
        </>
      ) : (
        <div className="card">
          <SkeletonLines count={8} height={56} />
        </div>
      )}
    </div>
  );
}

/** Who has been invited and has not accepted yet. Nothing is shown where that is nobody. */
function InvitationsCard(): ReactNode {
  const invitations = useQuery(invitationsQuery);
  const [revoking, setRevoking] = useState<Invitation>();
  const close = (): void => setRevoking(undefined);
  if (invitations.isPending || invitations.data?.length === 0) return null;
  return (
    <Card title="Invitations" lead="People who have been invited and have not accepted yet.">
      {invitations.isError && <ErrorNote error={invitations.error} onRetry={() => void invitations.refetch()} />}
      {invitations.data !== undefined && (
        <DataTable
          caption="Invitations, newest first"
          columns={[...columns, actionsColumn(setRevoking)]}
          rows={invitations.data}
          keyOf={({ id }) => id}
        />
      )}
      <Modal opened={revoking !== undefined} onClose={close} title="Withdraw the invitation?">
        {revoking !== undefined && <RevokeForm invitation={revoking} onClose={close} />}
      </Modal>
    </Card>
  );
}

function actionsColumn(onRevoke: (invitation: Invitation) => void): Column<Invitation> {
  return {
    id: "actions",
    header: "Actions",
    isHeaderHidden: true,
    cell: (invitation) => <RowActions invitation={invitation} onRevoke={() => onRevoke(invitation)} />,
  };
}

function RowActions(props: { readonly invitation: Invitation; readonly onRevoke: () => void }): ReactNode {
  const { id, email } = props.invitation;
  const resend = useMutation(resendInvitationMutation);
  const onSuccess = (): void => say(`A new link is on its way to ${email}. The former one is dead.`);
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
        <Button variant="default" size="xs" aria-label={`Withdraw the invitation of ${email}`} onClick={props.onRevoke}>
          Withdraw…
        </Button>
      </div>
      {resend.isError && <ErrorNote error={resend.error} />}
    </>
  );
}

function RevokeForm(props: { readonly invitation: Invitation; readonly onClose: () => void }): ReactNode {
  const { invitation, onClose } = props;
  const revoke = useMutation(revokeInvitationMutation);
  const onSuccess = (): void => {
    say(`The invitation of ${invitation.email} is withdrawn.`);
    onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        revoke.mutate({ id: invitation.id }, { onSuccess });
      }}
    >
      <Stack gap="md">
        <p>
          The link that was sent to <strong>{invitation.email}</strong> no longer works. You can invite them again.
        </p>
        {revoke.isError && <ErrorNote error={revoke.error} />}
        <DialogActions submit="Withdraw" isPending={revoke.isPending} isDangerous onCancel={onClose} />
      </Stack>
    </form>
  );
}
