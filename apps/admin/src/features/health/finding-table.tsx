import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import type { Order } from "../../search.ts";
import type { Finding, FindingKind } from "./compare-upload.ts";

/** Sort keys; a kind has only some of these columns. */
export type FindingSort = "name" | "status" | "managed";

type FindingTableProps = {
  readonly title: string;
  readonly kind: FindingKind;
  readonly findings: readonly Finding[];
  readonly sorting: { readonly order: Order<FindingSort>; readonly onOrder: (order: Order<FindingSort>) => void };
};

/** Differences of one kind; members are links. */
export function FindingTable({ title, kind, findings, sorting }: FindingTableProps): ReactNode {
  return (
    <DataTable
      caption={title}
      columns={columnsOf(kind)}
      rows={findings}
      keyOf={({ userName }) => userName}
      sorting={sorting}
    />
  );
}

function columnsOf(kind: FindingKind): readonly Column<Finding, FindingSort>[] {
  if (kind === "onlyInFile") return [name, status];
  if (kind === "onlyInRollcall") return [name, managed];
  return kind === "differs" ? [name, differences] : [name, status, managed];
}

const name: Column<Finding, FindingSort> = {
  sort: { key: "name", kind: "text" },
  id: "name",
  header: "Name",
  share: 45,
  cell: ({ member, userName }) =>
    member === null ? (
      <span className="title">{userName}</span>
    ) : (
      <>
        <Link to="/members/$memberId" params={{ memberId: member.id }} className="title">
          {member.name}
        </Link>
        <br />
        <span className="quiet">{userName}</span>
      </>
    ),
};

const status: Column<Finding, FindingSort> = {
  sort: { key: "status", kind: "text" },
  id: "status",
  header: "Status in the file",
  cell: ({ status: said }) => (said === null ? <span className="quiet">Not in the file</span> : said),
};

const managed: Column<Finding, FindingSort> = {
  sort: { key: "managed", kind: "text" },
  id: "managed",
  header: "Managed by",
  cell: ({ member }) =>
    member?.isManaged === true ? <Badge tone="info">Directory</Badge> : <span className="quiet">Owners</span>,
};

const fields: Readonly<Record<string, string>> = {
  externalId: "External id",
  givenName: "First name",
  familyName: "Last name",
};

const differences: Column<Finding, FindingSort> = {
  id: "differences",
  header: "Here, and in the file",
  cell: ({ differences: found }) => (
    <ul className="plain">
      {found.map(({ field, there, here }) => (
        <li key={field}>
          {fields[field] ?? field}: <strong>{here ?? "nothing"}</strong>, in the file <strong>{there}</strong>
        </li>
      ))}
    </ul>
  ),
};
