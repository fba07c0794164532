import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { type Column, DataTable } from "../components/data-table.tsx";
import { EmptyNote } from "../components/empty-note.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { Page } from "../components/page.tsx";
import { roleKindInWords, RoleMarks } from "../components/role-marks.tsx";
import { SkeletonLines } from "../components/skeleton-lines.tsx";
import { CreateRoleDialog } from "../people/role-name-dialog.tsx";
import { type Role, rolesQuery } from "../queries.ts";
import { MappingCard } from "../roles/mapping-card.tsx";
import { PermissionMatrix } from "../roles/permission-matrix.tsx";
import { mappingsQuery } from "../roles/role-queries.ts";

const columns: readonly Column<Role>[] = [
  {
    id: "name",
    header: "Role",
    cell: ({ id, name }) => (
      <Link to="/roles/$roleId" params={{ roleId: id }} className="title">
        {name}
      </Link>
    ),
  },
  { id: "kind", header: "Kind", cell: ({ kind }) => roleKindInWords(kind) },
  { id: "marks", header: "Marks", cell: (role) => <RoleMarks role={role} /> },
  { id: "members", header: "Members", align: "end", cell: membersCell },
];

/** The organization's roles. A pushed group of the directory is a role here. */
export function RolesScreen(): ReactNode {
  const roles = useQuery(rolesQuery);
  // What stands below a list that is still growing would be pushed down by it.
  const isSettled = useQuery(mappingsQuery).isFetched && roles.isFetched;
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Page
      title="Roles"
      lead="What people may do. A group that the directory pushes becomes a role."
      actions={<Button onClick={() => setIsCreating(true)}>Create role…</Button>}
    >
      <div className="cards">
        <div className="card">
          {!isSettled && <SkeletonLines count={8} />}
          {roles.isError && <ErrorNote error={roles.error} onRetry={() => void roles.refetch()} />}
          {roles.data?.length === 0 && <EmptyNote title="No roles" />}
          {isSettled && roles.data !== undefined && roles.data.length > 0 && (
            <DataTable caption="Roles" columns={columns} rows={roles.data} keyOf={({ id }) => id} />
          )}
        </div>
        {isSettled && (
          <>
            <MappingCard />
            <PermissionMatrix />
          </>
        )}
      </div>
      <CreateRoleDialog opened={isCreating} onClose={() => setIsCreating(false)} />
    </Page>
  );
}

function membersCell({ memberCount, inactiveCount }: Role): ReactNode {
  return (
    <div>
      {memberCount.toLocaleString("en")}
      {inactiveCount > 0 && <div className="quiet">{`and ${inactiveCount.toLocaleString("en")} inactive`}</div>}
    </div>
  );
}
