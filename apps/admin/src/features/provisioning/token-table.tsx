import { Button } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { BoundNote } from "../../ui/bound-note.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Pager } from "../../ui/pager.tsx";
import { orderRows, pageRows, type SortValues } from "../../ui/row-order.ts";
import type { Token } from "../../queries.ts";
import { orderOf } from "../../search.ts";
import { readProvisioningSearch, type TokenSort, tokenSorting } from "./provisioning-search.ts";

const labels = { ACTIVE: "Active", EXPIRED: "Expired", REVOKED: "Revoked" } as const satisfies Record<
  Token["status"],
  string
>;
const tones = { ACTIVE: "good", EXPIRED: "warn", REVOKED: "neutral" } as const satisfies Record<Token["status"], Tone>;

type TokenTableProps = {
  readonly tokens: readonly Token[];
  readonly onRotate: (token: Token) => void;
  readonly onRevoke: (token: Token) => void;
};

/** The server's upper bound; it lists tokens that are not revoked first. */
const listedMax = 100;
const pageSize = 10;

const values: SortValues<Token, TokenSort> = {
  name: ({ name }) => name,
  status: ({ status }) => status,
  created: ({ createdAt }) => createdAt,
  expires: endOf,
  used: ({ lastUsedAt }) => lastUsedAt,
};

/** Newest first by default. Only active tokens can be rotated or revoked. */
export function TokenTable({ tokens, onRotate, onRevoke }: TokenTableProps): ReactNode {
  const { page: asked = 1, ...search } = useSearch({ from: "/shell/owner/settings/provisioning" });
  const order = orderOf(search, tokenSorting);
  const { page, rows } = pageRows(orderRows(tokens, order, values), asked, pageSize);
  const navigate = useNavigate();
  const go = (next: Readonly<Record<string, unknown>>): void =>
    void navigate({
      to: "/settings/provisioning",
      search: readProvisioningSearch({ ...search, ...next }),
      resetScroll: false,
    });
  const columns: readonly Column<Token, TokenSort>[] = [
    { id: "name", header: "Name", cell: nameCell, sort: { key: "name", kind: "text" } },
    { id: "status", header: "Status", cell: statusCell, sort: { key: "status", kind: "text" } },
    { id: "created", header: "Created", cell: createdCell, sort: { key: "created", kind: "time" } },
    { id: "expires", header: "Expires", cell: expiresCell, sort: { key: "expires", kind: "time" } },
    { id: "used", header: "Last used", cell: usedCell, sort: { key: "used", kind: "time" } },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      align: "end",
      cell: (token) => token.status === "ACTIVE" && actions(token, onRotate, onRevoke),
    },
  ];
  return (
    <>
      <DataTable
        caption="SCIM tokens"
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        sorting={{ order, onOrder: go }}
      />
      {tokens.length > pageSize && (
        <Pager
          what="tokens"
          page={page}
          pageSize={pageSize}
          total={tokens.length}
          onPage={(next) => go({ page: next })}
        />
      )}
      <BoundNote count={tokens.length} max={listedMax} what="tokens" />
    </>
  );
}

function nameCell({ id, name, prefix }: Token): ReactNode {
  return (
    <>
      <span className="title">{name}</span>
      <br />
      <code className="quiet">{prefix}…</code>
      <div className="entry-links small">
        <Link to="/requests" search={{ tokenId: id }} aria-label={`Requests of ${name}`}>
          Requests
        </Link>
        <Link to="/activity" search={{ tokenId: id }} aria-label={`Changes by ${name}`}>
          Changes
        </Link>
      </div>
    </>
  );
}

function statusCell({ status, endsAt, revokedAt }: Token): ReactNode {
  return (
    <div>
      <Badge tone={tones[status]} dot>
        {labels[status]}
      </Badge>
      {status === "ACTIVE" && endsAt !== null && <div className="quiet">ends by a rotation</div>}
      {status === "REVOKED" && revokedAt !== null && (
        <div className="quiet">
          <Moment at={revokedAt} />
        </div>
      )}
    </div>
  );
}

function createdCell({ createdAt, createdBy }: Token): ReactNode {
  return (
    <div>
      <Moment at={createdAt} asDay />
      <div className="quiet">by {createdBy}</div>
    </div>
  );
}

/** When the token stops working. */
function endOf({ expiresAt, endsAt }: Token): string {
  return endsAt ?? expiresAt;
}

function expiresCell(token: Token): ReactNode {
  return <Moment at={endOf(token)} asDay />;
}

function usedCell({ lastUsedAt, lastUsedIp, lastUsedClient }: Token): ReactNode {
  if (lastUsedAt === null) return <span className="quiet">Never</span>;
  return (
    <div>
      <Moment at={lastUsedAt} />
      <div className="quiet">{[lastUsedClient, lastUsedIp].filter((part) => part !== null).join(", ")}</div>
    </div>
  );
}

function actions(token: Token, onRotate: (token: Token) => void, onRevoke: (token: Token) => void): ReactNode {
  return (
    <div className="row-actions">
      <Button variant="default" size="xs" aria-label={`Rotate ${token.name}`} onClick={() => onRotate(token)}>
        Rotate
      </Button>
      <Button variant="default" size="xs" aria-label={`Revoke ${token.name}`} onClick={() => onRevoke(token)}>
        Revoke
      </Button>
    </div>
  );
}
