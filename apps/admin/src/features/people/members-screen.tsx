import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ExportMenu } from "../../ui/export-menu.tsx";
import { MemberFilters } from "./member-filters.tsx";
import { statusColumn } from "./member-status.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Page } from "../../ui/page.tsx";
import { Pager } from "../../ui/pager.tsx";
import { RoleBadge } from "../roles/role-badge.tsx";
import { WhyNotHere } from "../person/why-not-here.tsx";
import { BelowInvitations } from "./invitations-card.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { useReactivation } from "./reactivate.tsx";
import { type Member, type MemberSort, membersQuery, pageSize } from "../../queries.ts";
import { memberSorting, type MembersSearch, readMembersSearch } from "./members-search.ts";
import { orderOf } from "../../search.ts";

const furtherColumns: readonly Column<Member, MemberSort>[] = [
  statusColumn,
  { id: "source", header: "Managed by", cell: managedCell },
  { id: "roles", header: "Roles", cell: rolesCell },
  {
    id: "changed",
    header: "Changed",
    cell: ({ updatedAt }) => <Moment at={updatedAt} />,
    sort: { key: "changed", kind: "time" },
  },
];

/** The search, order and page are in the address. */
export function MembersScreen(): ReactNode {
  const search = useSearch({ from: "/shell/owner/members" });
  const navigate = useNavigate();
  const [isInviting, setIsInviting] = useState(false);
  const { page = 1, why, invitations, ...filter } = search;
  // The result is shown by a component that is mounted later; by default, what only it reads is not watched until then.
  const members = useQuery({ ...membersQuery({ ...filter, page }), notifyOnChangeProps: "all" });
  const { bar, boxOf } = useReactivation(members.data?.members ?? []);
  const columns: readonly Column<Member, MemberSort>[] = [
    {
      id: "name",
      header: "Name",
      cell: (member) => nameCell(member, boxOf(member)),
      sort: { key: "name", kind: "text" },
    },
    ...furtherColumns,
  ];
  // The state of the list of invitations is kept.
  const go = (next: MembersSearch, how: { replace?: true; resetScroll?: false } = {}): void =>
    void navigate({ to: "/members", search: readMembersSearch({ ...next, invitations }), ...how });
  const show = (next: MembersSearch): void => go(next, { replace: true });
  // Members may have been removed since.
  const isEmpty = members.data?.members.length === 0 && !members.isPlaceholderData;
  return (
    <Page
      title="Members"
      lead="Everyone in this organization, from the directory or not."
      actions={
        <>
          <ExportMenu what="members" filters={filter} />
          <Button onClick={() => setIsInviting(true)}>Invite…</Button>
        </>
      }
    >
      <BelowInvitations>
        <div className="card">
          <MemberFilters filter={filter} onFilter={show} />
          <QueryStatus query={members} count={8} height={56} />
          {isEmpty && page > 1 && (
            <Navigate to="/members" search={readMembersSearch({ ...filter, invitations })} replace />
          )}
          {isEmpty && page === 1 && (
            <>
              <EmptyNote title="No one matches">Try fewer or other words, or take a filter away.</EmptyNote>
              <WhyNotHere
                key={why ?? filter.search ?? ""}
                asked={why}
                suggested={filter.search}
                onAsk={(address) => show({ ...filter, why: address })}
              />
            </>
          )}
          {members.data !== undefined && members.data.members.length > 0 && (
            <>
              {bar}
              <DataTable
                caption="Members"
                columns={columns}
                rows={members.data.members}
                keyOf={({ id }) => id}
                isStale={members.isPlaceholderData}
                sorting={{
                  order: orderOf(search, memberSorting),
                  onOrder: (order) => go({ ...filter, ...order }, { resetScroll: false }),
                }}
              />
              <Pager
                what="members"
                page={page}
                pageSize={pageSize}
                total={members.data.total}
                onPage={(next) => go({ ...filter, page: next })}
              />
            </>
          )}
        </div>
      </BelowInvitations>
      <InviteDialog opened={isInviting} onClose={() => setIsInviting(false)} />
    </Page>
  );
}

function nameCell({ id, name, userName, email }: Member, box: ReactNode): ReactNode {
  const names = (
    <>
      <Link to="/members/$memberId" params={{ memberId: id }} className="title">
        {name}
      </Link>
      <br />
      <span className="quiet">{userName}</span>
      {email.toLowerCase() !== userName.toLowerCase() && (
        <>
          <br />
          <span className="quiet">{email}</span>
        </>
      )}
    </>
  );
  if (box === false || box === null) return names;
  return (
    <div className="choosable">
      {box}
      <div>{names}</div>
    </div>
  );
}

function managedCell({ isManaged, externalId }: Member): ReactNode {
  if (!isManaged) return <span className="quiet">Owners</span>;
  return (
    <div>
      <Badge tone="info">Directory</Badge>
      {externalId !== null && (
        <div className="quiet mono clipped" title={externalId}>
          {externalId}
        </div>
      )}
    </div>
  );
}

function rolesCell({ roles }: Member): ReactNode {
  if (roles.length === 0) return <span className="quiet">None</span>;
  return (
    <div className="badges">
      {roles.map((role) => (
        <RoleBadge key={role.id} role={role} />
      ))}
    </div>
  );
}
