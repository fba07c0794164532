import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge } from "../components/badge.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import type { Finding, FindingKind } from "./compare-upload.ts";

type FindingTableProps = { readonly title: string; readonly kind: FindingKind; readonly findings: readonly Finding[] };

/** Differences of one kind; who is here is a link. */
export function FindingTable({ title, kind, findings }: FindingTableProps): ReactNode {
  return <DataTable caption={title} columns={columnsOf(kind)} rows={findings} keyOf={({ userName }) => userName} />;
}

function columnsOf(kind: FindingKind): readonly Column<Finding>[] {
  if (kind === "onlyThere") return [name, status];
  if (kind === "onlyHere") return [name, managed];
  return kind === "differs" ? [name, differences] : [name, status, managed];
}

const name: Column<Finding> = {
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

const status: Column<Finding> = {
  id: "status",
  header: "Status in the file",
  cell: ({ status: said }) => (said === null ? <span className="quiet">Not told</span> : said),
};

const managed: Column<Finding> = {
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

const differences: Column<Finding> = {
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
