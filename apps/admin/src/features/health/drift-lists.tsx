import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { statusColumn } from "../people/member-status.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Pager } from "../../ui/pager.tsx";
import { pageSize } from "../../queries.ts";
import type { Order } from "../../search.ts";
import {
  type DriftHolder,
  driftHoldersQuery,
  type DriftPerson,
  driftPeopleQuery,
  type DriftInput,
} from "./health-queries.ts";
import type { HolderSort, PeopleKind, PeopleSort } from "./health-search.ts";

type ListProps<Sort extends string> = {
  readonly input: DriftInput<Sort>;
  readonly onPage: (page: number) => void;
  readonly onOrder: (order: Order<Sort>) => void;
};

/** One page of the people of a kind. */
export function DriftPeople(props: ListProps<PeopleSort> & { readonly kind: PeopleKind }): ReactNode {
  const { kind, input, onPage, onOrder } = props;
  const found = useQuery(driftPeopleQuery(kind, input));
  if (!found.isSuccess) return <QueryStatus query={found} count={4} height={52} />;
  const { people, total } = found.data;
  if (total === 0) return <EmptyNote title={input.search === undefined ? nobody[kind] : nothingMatches} />;
  if (people.length === 0 && !found.isPlaceholderData) return <FirstPage />;
  return (
    <>
      <DataTable
        caption={kind === "unlinked" ? "People who are not managed" : "People who are not confirmed"}
        columns={peopleColumns}
        rows={people}
        keyOf={({ id }) => id}
        isStale={found.isPlaceholderData}
        sorting={{ order: input, onOrder }}
      />
      <Pager what="people" page={input.page} pageSize={pageSize} total={total} onPage={onPage} />
    </>
  );
}

const nobody: Readonly<Record<PeopleKind, string>> = {
  unlinked: "Your provider manages everyone",
  unconfirmed: "Everyone was confirmed in the last 30 days",
};
const nothingMatches = "No one matches";

/** One page of members who hold a directory role that the directory did not assign. */
export function DriftHolders({ input, onPage, onOrder }: ListProps<HolderSort>): ReactNode {
  const found = useQuery(driftHoldersQuery(input));
  if (!found.isSuccess) return <QueryStatus query={found} count={4} height={52} />;
  const { holders, total } = found.data;
  if (total === 0) {
    const title = input.search === undefined ? "Every group’s members are as your provider has them" : nothingMatches;
    return <EmptyNote title={title} />;
  }
  if (holders.length === 0 && !found.isPlaceholderData) return <FirstPage />;
  return (
    <>
      <DataTable
        caption="Group members who were not assigned by the provider or are deactivated"
        columns={holderColumns}
        rows={holders}
        keyOf={({ role, member }) => `${role.id} ${member.id}`}
        isStale={found.isPlaceholderData}
        sorting={{ order: input, onOrder }}
      />
      <Pager what="group members" page={input.page} pageSize={pageSize} total={total} onPage={onPage} />
    </>
  );
}

/** Redirects from a page past the end, as people may have been removed since. */
function FirstPage(): ReactNode {
  const { page: _, ...search } = useSearch({ from: "/shell/owner/health" });
  return <Navigate to="/health" search={search} replace resetScroll={false} />;
}

const peopleColumns: readonly Column<DriftPerson, PeopleSort>[] = [
  { id: "name", header: "Name", share: 45, cell: personCell, sort: { key: "name", kind: "text" } },
  statusColumn,
  {
    id: "created",
    header: "Here since",
    cell: ({ createdAt }) => <Moment at={createdAt} asDay />,
    sort: { key: "created", kind: "time" },
  },
  {
    id: "seen",
    header: "Provider’s last request about them",
    cell: ({ seenAt }) => (seenAt === null ? <span className="quiet">None known</span> : <Moment at={seenAt} />),
    sort: { key: "seen", kind: "time" },
  },
];

const holderColumns: readonly Column<DriftHolder, HolderSort>[] = [
  {
    id: "name",
    header: "Name",
    share: 40,
    cell: ({ member }) => personCell(member),
    sort: { key: "name", kind: "text" },
  },
  {
    id: "role",
    header: "Role",
    cell: ({ role }) => (
      <Link to="/roles/$roleId" params={{ roleId: role.id }}>
        {role.name}
      </Link>
    ),
    sort: { key: "role", kind: "text" },
  },
  { id: "why", header: "Why", cell: whyCell },
  { id: "sources", header: "Given by", cell: ({ sources }) => sources.map((source) => givers[source]).join(", ") },
];

const givers: Readonly<Record<DriftHolder["sources"][number], string>> = {
  manual: "An owner",
  default: "The default role",
  group: "The group",
  mapping: "A mapping of a group",
};

function personCell({ id, name, userName }: { id: string; name: string; userName: string }): ReactNode {
  return (
    <>
      <Link to="/members/$memberId" params={{ memberId: id }} className="title">
        {name}
      </Link>
      <br />
      <span className="quiet">{userName}</span>
    </>
  );
}

function whyCell({ isManaged, isActive, sources }: DriftHolder): ReactNode {
  return (
    <div className="badges">
      {!isManaged && <Badge tone="warn">Not managed</Badge>}
      {isManaged && sources.every((source) => source === "manual") && <Badge tone="warn">Not assigned</Badge>}
      {!isActive && <Badge>Inactive</Badge>}
    </div>
  );
}
