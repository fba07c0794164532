import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isMissing } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { statusColumn } from "../people/member-status.tsx";
import { MissingPage } from "../shell/missing-page.tsx";
import { Page } from "../../ui/page.tsx";
import { Pager } from "../../ui/pager.tsx";
import { PermissionList } from "./permission-list.tsx";
import { roleSourceLabel } from "./role-badge.tsx";
import { RoleLink } from "./role-link.tsx";
import { RoleMarks, roleSource } from "./role-marks.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { RoleActions } from "../people/role-actions.tsx";
import { pageSize, type RoleMember } from "../../queries.ts";
import { roleQuery } from "./role-queries.ts";
import { LinkRequestNote } from "./link-request-note.tsx";
import { type HolderSort, holderSorting, readRoleSearch, type RoleSearch } from "./roles-search.ts";
import { orderOf } from "../../search.ts";

const columns: readonly Column<RoleMember, HolderSort>[] = [
  {
    id: "name",
    header: "Name",
    sort: { key: "name", kind: "text" },
    cell: ({ id, name, userName }) => (
      <>
        <Link to="/members/$memberId" params={{ memberId: id }} className="title">
          {name}
        </Link>
        <br />
        <span className="quiet">{userName}</span>
      </>
    ),
  },
  statusColumn,
  { id: "sources", header: "Why", cell: (member) => roleSourceLabel(member) },
];

/** A role: its members, its permissions and its link to the directory. */
export function RoleScreen(): ReactNode {
  const { roleId } = useParams({ from: "/shell/owner/roles/$roleId" });
  const search = useSearch({ from: "/shell/owner/roles/$roleId" });
  const { page = 1, ...input } = search;
  const navigate = useNavigate();
  const found = useQuery(roleQuery(roleId, search));
  const role = found.data?.role;
  if (isMissing(found.error)) return <MissingPage kind="role" />;
  const go = (next: RoleSearch, how: { replace?: true; resetScroll?: false } = {}): void =>
    void navigate({ to: "/roles/$roleId", params: { roleId }, search: readRoleSearch(next), ...how });
  return (
    <Page
      title={role?.name ?? "Role"}
      lead={role === undefined ? "…" : roleSource(role)}
      actions={
        role === undefined ? undefined : (
          <>
            {(role.isScimCreated || role.isLinked) && (
              <Link to="/requests" search={{ roleId }} className="small">
                Requests about this group
              </Link>
            )}
            <RoleMarks role={role} />
          </>
        )
      }
    >
      <QueryStatus query={found} count={6} height={56} inCard />
      <div className="cards">
        {found.data !== undefined && role !== undefined && (
          <>
            {found.data.linkRequest !== null && (
              <LinkRequestNote role={role} tokenName={found.data.linkRequest.tokenName} />
            )}
            <Card title="Members">
              {(role.memberCount + role.inactiveCount > pageSize || search.search !== undefined) && (
                <search className="toolbar" aria-label="Members of the role">
                  <SearchBox
                    label="Search"
                    placeholder="Name or email"
                    value={search.search}
                    onSearch={(term) => go({ ...input, search: term }, { replace: true, resetScroll: false })}
                  />
                </search>
              )}
              {found.data.members.length === 0 && page > 1 && !found.isPlaceholderData && (
                <Navigate to="/roles/$roleId" params={{ roleId }} search={readRoleSearch(input)} replace />
              )}
              {found.data.members.length === 0 && page === 1 && <EmptyNote title={nobody(search)} />}
              {found.data.members.length > 0 && (
                <>
                  <DataTable
                    caption={`Members of ${role.name}`}
                    columns={columns}
                    rows={found.data.members}
                    keyOf={({ id }) => id}
                    isStale={found.isPlaceholderData}
                    sorting={{
                      order: orderOf(search, holderSorting),
                      onOrder: (order) => go({ ...input, ...order }, { resetScroll: false }),
                    }}
                  />
                  <Pager
                    what="members"
                    page={page}
                    pageSize={pageSize}
                    total={found.data.total}
                    isEstimate={role.isEstimate && search.search === undefined}
                    onPage={(next) => go({ ...input, page: next })}
                  />
                </>
              )}
            </Card>
            <PermissionList role={role} />
            <RoleActions role={role} />
            <RoleLink role={role} />
          </>
        )}
      </div>
    </Page>
  );
}

function nobody({ search }: RoleSearch): string {
  return search === undefined ? "No one has this role" : "No one in this role matches";
}
