import { Modal } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { DialogForm } from "../../ui/dialog-form.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Pager } from "../../ui/pager.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { orderOf } from "../../search.ts";
import { InvitationFilters } from "./invitation-filters.tsx";
import { InvitationRowActions } from "./invitation-row-actions.tsx";
import { type InvitationSort, invitationSorting, type InvitationsSearch } from "./invitations-search.ts";
import { readMembersSearch } from "./members-search.ts";
import { type Invitation, invitationPageSize, invitationsQuery, revokeInvitationMutation } from "./people-queries.ts";

const columns: readonly Column<Invitation, InvitationSort>[] = [
  {
    id: "email",
    header: "Invited",
    share: 30,
    cell: ({ email }) => <span className="title">{email}</span>,
    sort: { key: "email", kind: "text" },
  },
  {
    id: "state",
    header: "Ends",
    sort: { key: "expires", kind: "time" },
    cell: (invitation) => <InvitationState {...invitation} />,
  },
  { id: "roles", header: "Roles", cell: ({ roles }) => (roles.length === 0 ? "The default role" : roles.join(", ")) },
  {
    id: "by",
    header: "Sent",
    sort: { key: "sent", kind: "time" },
    cell: ({ invitedBy, sentAt }) => (
      <div>
        <Moment at={sentAt} />
        <div className="quiet">by {invitedBy}</div>
      </div>
    ),
  },
];

/** The invitations and `children` below them, which wait for the invitations to avoid a layout shift. */
export function BelowInvitations({ children }: { readonly children: ReactNode }): ReactNode {
  const { invitations = {} } = useSearch({ from: "/shell/owner/members" });
  // The card stays during a retry and while another page loads.
  const { isFetched, data } = useQuery(invitationsQuery(invitations));
  return (
    <div className="cards">
      {isFetched || data !== undefined ? (
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

/** Pending invitations; nothing is shown if there are none. */
function InvitationsCard(): ReactNode {
  const members = useSearch({ from: "/shell/owner/members" });
  const navigate = useNavigate();
  const search = members.invitations ?? {};
  const { page = 1, ...input } = search;
  const invitations = useQuery(invitationsQuery(search));
  const go = (next: InvitationsSearch, replace: boolean): void =>
    void navigate({
      to: "/members",
      search: readMembersSearch({ ...members, invitations: next }),
      replace,
      resetScroll: false,
    });
  // Invitations may have been accepted since.
  const isPastEnd = page > 1 && invitations.data?.invitations.length === 0 && !invitations.isPlaceholderData;
  const [revoking, setRevoking] = useState<Invitation>();
  const close = (): void => setRevoking(undefined);
  if (invitations.isPending || invitations.data?.waiting === 0) return null;
  return (
    <Card title="Invitations" lead="People who have been invited and have not accepted yet.">
      {invitations.isError && <ErrorNote error={invitations.error} onRetry={() => void invitations.refetch()} />}
      {invitations.data !== undefined && invitations.data.waiting > invitationPageSize && (
        <InvitationFilters search={input} onFilter={(next) => go(next, true)} />
      )}
      {invitations.data?.total === 0 && (
        <EmptyNote title="No invitation matches">Try fewer or other words, or take a filter away.</EmptyNote>
      )}
      {isPastEnd && (
        <Navigate
          to="/members"
          search={readMembersSearch({ ...members, invitations: input })}
          replace
          resetScroll={false}
        />
      )}
      {invitations.data !== undefined && invitations.data.invitations.length > 0 && (
        <>
          <DataTable
            caption="Invitations"
            columns={[...columns, actionsColumn(setRevoking)]}
            rows={invitations.data.invitations}
            keyOf={({ id }) => id}
            isStale={invitations.isPlaceholderData}
            sorting={{
              order: orderOf(search, invitationSorting),
              onOrder: (order) => go({ ...input, ...order }, false),
            }}
          />
          {invitations.data.waiting > invitationPageSize && (
            <Pager
              what="invitations"
              page={page}
              pageSize={invitationPageSize}
              total={invitations.data.total}
              onPage={(next) => go({ ...input, page: next }, false)}
            />
          )}
        </>
      )}
      <Modal opened={revoking !== undefined} onClose={close} title="Withdraw the invitation?">
        {revoking !== undefined && <RevokeForm invitation={revoking} onClose={close} />}
      </Modal>
    </Card>
  );
}

function InvitationState({ state, expiresAt }: Invitation): ReactNode {
  return (
    <div>
      <Badge tone={state === "open" ? "info" : "warn"}>{stateNames[state]}</Badge>
      <div className="quiet">
        {state === "suspended" ? (
          "The sender is no longer an owner. Send it again to make it work."
        ) : (
          <>
            {state === "open" && "ends "}
            <Moment at={expiresAt} />
          </>
        )}
      </div>
    </div>
  );
}

const stateNames = { open: "Open", suspended: "Suspended", expired: "Expired", ended: "Ended" } as const;

function actionsColumn(onRevoke: (invitation: Invitation) => void): Column<Invitation, InvitationSort> {
  return {
    id: "actions",
    header: "Actions",
    isHeaderHidden: true,
    cell: (invitation) => <InvitationRowActions invitation={invitation} onRevoke={() => onRevoke(invitation)} />,
  };
}

function RevokeForm(props: { readonly invitation: Invitation; readonly onClose: () => void }): ReactNode {
  const { invitation, onClose } = props;
  const revoke = useMutation(revokeInvitationMutation);
  const onSuccess = (): void => {
    showSuccess(`The invitation to ${invitation.email} is withdrawn.`);
    onClose();
  };
  return (
    <DialogForm
      submit="Withdraw"
      mutation={revoke}
      isDangerous
      onSubmit={() => revoke.mutate({ id: invitation.id }, { onSuccess })}
      onCancel={onClose}
    >
      <p>
        The link that was sent to <strong>{invitation.email}</strong> no longer works. You can invite them again.
      </p>
    </DialogForm>
  );
}
