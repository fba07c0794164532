import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Page } from "../../ui/page.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { CreateRoleDialog } from "../people/role-name-dialog.tsx";
import { provisioningQuery, rolesQuery } from "../../queries.ts";
import { MappingCard } from "./mapping-card.tsx";
import { PermissionMatrix } from "./permission-matrix.tsx";
import { mappingsQuery } from "./role-queries.ts";
import { RoleTable } from "./role-table.tsx";

/** The organization's roles. A pushed group of the directory is a role here. */
export function RolesScreen(): ReactNode {
  const roles = useQuery(rolesQuery);
  // Rendered earlier, the cards below would shift when the lists load.
  const isSettled = [useQuery(mappingsQuery), useQuery(provisioningQuery), roles].every(({ isFetched }) => isFetched);
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
          {isSettled && roles.data !== undefined && roles.data.length > 0 && <RoleTable roles={roles.data} />}
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
