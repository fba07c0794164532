import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge, type Tone } from "../components/badge.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { Moment } from "../components/moment.tsx";
import type { Token } from "../queries.ts";

const tones = { ACTIVE: "good", EXPIRED: "warn", REVOKED: "neutral" } as const satisfies Record<Token["status"], Tone>;

type TokenTableProps = {
  readonly tokens: readonly Token[];
  readonly onRotate: (token: Token) => void;
  readonly onRevoke: (token: Token) => void;
};

/** Newest first. Only active tokens can be rotated or revoked. */
export function TokenTable({ tokens, onRotate, onRevoke }: TokenTableProps): ReactNode {
  const columns: readonly Column<Token>[] = [
    { id: "name", header: "Name", cell: nameCell },
    { id: "status", header: "Status", cell: statusCell },
    { id: "created", header: "Created", cell: createdCell },
    { id: "expires", header: "Expires", cell: expiresCell },
    { id: "used", header: "Last used", cell: usedCell },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      align: "end",
      cell: (token) => token.status === "ACTIVE" && actions(token, onRotate, onRevoke),
    },
  ];
  return <DataTable caption="SCIM tokens, newest first" columns={columns} rows={tokens} keyOf={({ id }) => id} />;
}

function nameCell({ id, name, prefix }: Token): ReactNode {
  return (
    <>
      <span className="title">{name}</span>
      <br />
      <code className="quiet">{prefix}…</code>
      <div className="entry-links small">
        <Link to="/requests" search={{ tokenId: id }} aria-label={`Calls of ${name}`}>
          Calls
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
        {status}
      </Badge>
      {status === "ACTIVE" && endsAt !== null && (
        <div className="quiet">
          ends <Moment at={endsAt} />
        </div>
      )}
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

function expiresCell({ expiresAt }: Token): ReactNode {
  return <Moment at={expiresAt} asDay />;
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
