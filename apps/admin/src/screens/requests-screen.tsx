import { Button, Switch } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge, type Tone } from "../components/badge.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { EmptyNote } from "../components/empty-note.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { ExportMenu } from "../components/export-menu.tsx";
import { LoadMore } from "../components/load-more.tsx";
import { LogMoment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { ProviderHabits } from "../components/provider-habits.tsx";
import { SkeletonLines } from "../components/skeleton-lines.tsx";
import { type RequestEntry, requestsQuery } from "../queries.ts";

const columns: readonly Column<RequestEntry>[] = [
  { id: "call", header: "Call", share: 27, cell: callCell },
  { id: "status", header: "Answer", share: 33, cell: answerCell },
  {
    id: "duration",
    header: "Took",
    align: "end",
    cell: ({ durationMs }) => <span className="nowrap">{`${Math.round(durationMs).toLocaleString("en")} ms`}</span>,
  },
  { id: "by", header: "By", share: 20, cell: byCell },
  { id: "at", header: "When", cell: ({ at }) => <LogMoment at={at} /> },
];

/** What the identity provider asked for and what it was told. Bodies are not shown. */
export function RequestsScreen(): ReactNode {
  const isFailedOnly = useSearch({ from: "/shell/owner/requests" }).failed ?? false;
  const navigate = useNavigate();
  const requests = useInfiniteQuery(requestsQuery(isFailedOnly));
  const rows = requests.data?.pages.flatMap((page) => page.requests) ?? [];
  return (
    <Page
      title="Requests"
      lead="The calls of your identity provider, newest first, and what it was told."
      actions={
        <>
          <ExportMenu what="requests" filters={isFailedOnly ? { failed: true } : {}} />
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} stroke={1.75} aria-hidden />}
            loading={requests.isRefetching}
            onClick={() => void requests.refetch()}
          >
            Refresh
          </Button>
        </>
      }
    >
      <div className="card">
        <div className="toolbar">
          <Switch
            label="Failed only"
            checked={isFailedOnly}
            onChange={(event) => {
              const search = event.currentTarget.checked ? { failed: true as const } : {};
              void navigate({ to: "/requests", search, replace: true });
            }}
          />
        </div>
        {requests.isPending && <SkeletonLines count={8} height={56} />}
        {requests.isError && <ErrorNote error={requests.error} onRetry={() => void requests.refetch()} />}
        {requests.isSuccess && rows.length === 0 && (
          <EmptyNote title={isFailedOnly ? "Nothing failed" : "No calls yet"}>
            {isFailedOnly ? undefined : "As soon as your identity provider is connected, its calls show up here."}
          </EmptyNote>
        )}
        {rows.length > 0 && (
          <DataTable caption="SCIM calls, newest first" columns={columns} rows={rows} keyOf={({ id }) => id} isDense />
        )}
        <LoadMore query={requests} shown={rows.length} what={["call", "calls"]} />
      </div>
    </Page>
  );
}

function callCell({ method, path }: RequestEntry): ReactNode {
  return (
    <code>
      <strong>{method}</strong> {path}
    </code>
  );
}

function answerCell({ status, scimType, detail, habits }: RequestEntry): ReactNode {
  return (
    <div>
      <Badge tone={toneOf(status)}>{[status, scimType].filter((part) => part !== null).join(" ")}</Badge>
      {detail !== null && <div className="quiet">{detail}</div>}
      <ProviderHabits habits={habits} />
    </div>
  );
}

function byCell({ tokenName, client, ip }: RequestEntry): ReactNode {
  return (
    <div>
      {tokenName}
      <div className="quiet">{[client, ip].filter((part) => part !== null).join(", ")}</div>
    </div>
  );
}

function toneOf(status: number): Tone {
  if (status >= 500) return "bad";
  return status >= 400 ? "warn" : "good";
}
