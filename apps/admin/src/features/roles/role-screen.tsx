import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isMissing } from "../../api-error.ts";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { MemberStatus } from "../people/member-status.tsx";
import { MissingPage } from "../shell/missing-page.tsx";
import { Page } from "../../ui/page.tsx";
import { Pager } from "../../ui/pager.tsx";
import { PermissionList } from "./permission-list.tsx";
import { roleSourceLabel } from "./role-badge.tsx";
import { RoleLink } from "./role-link.tsx";
import { RoleMarks, roleSource } from "./role-marks.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { RoleActions } from "../people/role-actions.tsx";
import { pageSize, type Role, type RoleMember } from "../../queries.ts";
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
  {
    id: "status",
    header: "Status",
    cell: ({ status }) => <MemberStatus status={status} />,
    sort: { key: "status", kind: "text" },
  },
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
      {found.isError && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
      <div className="cards">
        {found.isPending && (
          <div className="card">
            <SkeletonLines count={6} height={56} />
          </div>
        )}
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
              {found.data.members.length === 0 && <EmptyNote title={nobody(role, search)} />}
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

function nobody(role: Role, { search }: RoleSearch): string {
  if (search !== undefined) return "No one in this role matches";
  return role.memberCount + role.inactiveCount > 0 ? "This page is empty" : "No one has this role";
}
