import { useMutation, useQuery } from "@tanstack/react-query";
import { permissions, checkPermissionsEdit } from "@rollcall/domain";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { queryClient } from "../../api.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Pager } from "../../ui/pager.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { pageRows } from "../../ui/row-order.ts";
import { pageSize, type Role, rolesQuery } from "../../queries.ts";
import { permitMutation } from "./role-queries.ts";
import { readRolesSearch } from "./roles-search.ts";
import { showUndoable } from "./undo-toast.tsx";
import "./permission-matrix.css";

type Permission = Pick<(typeof permissions)[number], "id" | "label">;

/** All roles and permissions as a table; changes save automatically and can be undone. */
export function PermissionMatrix(): ReactNode {
  const roles = useQuery(rolesQuery);
  const permit = useMutation(permitMutation);
  const search = useSearch({ from: "/shell/owner/roles" });
  const navigate = useNavigate();
  const { page, rows } = pageRows(roles.data ?? [], search.matrixPage ?? 1, pageSize);
  const turn = (next: number): void =>
    void navigate({
      to: "/roles",
      search: readRolesSearch({ ...search, matrixPage: next }),
      resetScroll: false,
    });
  const allow = async (roleId: string, { id, label }: Permission, isAllowed: boolean): Promise<void> => {
    // The cache may be newer than the last render.
    const role = queryClient.getQueryData(rolesQuery.queryKey)?.find((one) => one.id === roleId);
    if (role === undefined) return;
    const others = role.permissions.filter((one) => one !== id);
    await permit.mutateAsync({ id: roleId, permissions: isAllowed ? [...others, id] : others });
    const message = isAllowed ? `${role.name} allows “${label}” now.` : `${role.name} no longer allows “${label}”.`;
    showUndoable(message, () => void allow(roleId, { id, label }, !isAllowed).catch(shownAbove));
  };
  return (
    <Card title="Permissions" lead="What each role allows. Changes save automatically, for everyone who has the role.">
      <QueryStatus query={roles} count={4} />
      {permit.isError && <ErrorNote error={permit.error} />}
      {roles.data !== undefined && (
        // A region that scrolls must be reachable by the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <section className="matrix" aria-label="Permission matrix" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Role</th>
                {permissions.map(({ id, label }) => (
                  <th key={id} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((role) => (
                <MatrixRow key={role.id} role={role} onAllow={(...change) => allow(role.id, ...change)} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {roles.data !== undefined && roles.data.length > pageSize && (
        <Pager what="the permission matrix" page={page} pageSize={pageSize} total={roles.data.length} onPage={turn} />
      )}
    </Card>
  );
}

/** The mutation's state shows the error. */
function shownAbove(): void {}

type MatrixRowProps = {
  readonly role: Role;
  readonly onAllow: (permission: Permission, isAllowed: boolean) => Promise<void>;
};

function MatrixRow({ role, onAllow }: MatrixRowProps): ReactNode {
  const isFree = checkPermissionsEdit({ ...role, externalId: null }).ok;
  const reasonId = `fixed-${role.id}`;
  return (
    <tr>
      <th scope="row">
        {role.name}
        {!isFree && (
          <div id={reasonId} className="quiet small">
            {role.kind === "owner" ? "Built in: everything" : "Built in: everything but settings"}
          </div>
        )}
      </th>
      {permissions.map((permission) => (
        <td key={permission.id}>
          <MatrixCell
            name={`${permission.label}: ${role.name}`}
            isAllowed={!isFree || role.permissions.includes(permission.id)}
            reasonId={isFree ? undefined : reasonId}
            onAllow={(isAllowed) => onAllow(permission, isAllowed)}
          />
        </td>
      ))}
    </tr>
  );
}

type MatrixCellProps = {
  readonly name: string;
  readonly isAllowed: boolean;
  /** The id of the text that explains why it is fixed, if it is. */
  readonly reasonId: string | undefined;
  readonly onAllow: (isAllowed: boolean) => Promise<void>;
};

function MatrixCell({ name, isAllowed, reasonId, onAllow }: MatrixCellProps): ReactNode {
  // The new value is shown while the request is pending, and reverts if it fails.
  const [wanted, setWanted] = useState<boolean>();
  const change = (isWanted: boolean): void => {
    setWanted(isWanted);
    void onAllow(isWanted)
      .catch(shownAbove)
      .finally(() => setWanted(undefined));
  };
  return (
    <label>
      <span className="visually-hidden">{name}</span>
      <input
        type="checkbox"
        checked={wanted ?? isAllowed}
        disabled={reasonId !== undefined}
        aria-describedby={reasonId}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    </label>
  );
}
