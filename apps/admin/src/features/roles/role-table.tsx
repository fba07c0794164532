import { NativeSelect } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { BoundNote } from "../../ui/bound-note.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { Pager } from "../../ui/pager.tsx";
import { RoleMarks, roleSource } from "./role-marks.tsx";
import { holdsTerm, orderRows, pageRows, type SortValues } from "../../ui/row-order.ts";
import { SearchBox } from "../../ui/search-box.tsx";
import { pageSize, type Role } from "../../queries.ts";
import { orderOf } from "../../search.ts";
import { readRolesSearch, type RoleSort, roleSorting, type RoleSource, type RolesSearch } from "./roles-search.ts";

/** The server's upper bound. */
const listedMax = 1000;

const columns: readonly Column<Role, RoleSort>[] = [
  {
    id: "name",
    header: "Role",
    sort: { key: "name", kind: "text" },
    cell: (role) => (
      <div className="badges">
        <Link to="/roles/$roleId" params={{ roleId: role.id }} className="title">
          {role.name}
        </Link>
        <RoleMarks role={role} />
      </div>
    ),
  },
  { id: "source", header: "Source", cell: roleSource },
  { id: "members", header: "Members", align: "end", cell: membersCell, sort: { key: "members", kind: "count" } },
];

const values: SortValues<Role, RoleSort> = {
  name: ({ name }) => name,
  members: ({ memberCount, inactiveCount }) => memberCount + inactiveCount,
};

const sources = [
  { value: "", label: "Any" },
  { value: "builtIn", label: "Built in" },
  { value: "directory", label: "From the directory" },
  { value: "hand", label: "Made by owners" },
] as const;

/** The roles, searched, sorted and paged in the browser; the state is in the address. */
export function RoleTable({ roles }: { readonly roles: readonly Role[] }): ReactNode {
  const search = useSearch({ from: "/shell/owner/roles" });
  const navigate = useNavigate();
  const { page: asked = 1, ...input } = search;
  const go = (next: Readonly<Record<string, unknown>>, how: { replace?: true; resetScroll?: false } = {}): void =>
    void navigate({ to: "/roles", search: readRolesSearch({ ...input, ...next }), ...how });
  const order = orderOf(search, roleSorting);
  const found = orderRows(
    roles.filter((role) => isFound(role, search)),
    order,
    values,
  );
  const { page, rows } = pageRows(found, asked, pageSize);
  return (
    <>
      <search className="toolbar" aria-label="Roles">
        <SearchBox
          label="Search"
          placeholder="Name"
          value={search.search}
          onSearch={(term) => go({ search: term }, { replace: true, resetScroll: false })}
        />
        <NativeSelect
          label="Source"
          data={[...sources]}
          value={search.source ?? ""}
          onChange={(event) => go({ source: event.currentTarget.value }, { replace: true, resetScroll: false })}
        />
      </search>
      {found.length === 0 && (
        <EmptyNote title="No role matches">Try fewer or other words, or take the filter away.</EmptyNote>
      )}
      {found.length > 0 && (
        <>
          <DataTable
            caption="Roles"
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            sorting={{ order, onOrder: (next) => go(next, { resetScroll: false }) }}
          />
          <Pager
            what="roles"
            page={page}
            pageSize={pageSize}
            total={found.length}
            onPage={(next) => go({ page: next })}
          />
        </>
      )}
      <BoundNote count={roles.length} max={listedMax} what="roles" />
    </>
  );
}

function isFound(role: Role, { search, source }: RolesSearch): boolean {
  return holdsTerm(search, [role.name]) && (source === undefined || isFrom[source](role));
}

const isFrom = {
  builtIn: ({ kind }) => kind !== "custom",
  directory: ({ isScimCreated, isLinked }) => isScimCreated || isLinked,
  hand: ({ kind, isScimCreated }) => kind === "custom" && !isScimCreated,
} as const satisfies Record<RoleSource, (role: Role) => boolean>;

function membersCell({ memberCount, inactiveCount, isEstimate }: Role): ReactNode {
  return (
    <div>
      {`${isEstimate ? "about " : ""}${memberCount.toLocaleString("en")}`}
      {inactiveCount > 0 && <div className="quiet">{`and ${inactiveCount.toLocaleString("en")} inactive`}</div>}
    </div>
  );
}
