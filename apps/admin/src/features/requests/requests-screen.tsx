import { failureMessage, describeRequest } from "@rollcall/domain";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ExportMenu } from "../../ui/export-menu.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { LogMoment } from "../../ui/moment.tsx";
import { Page } from "../../ui/page.tsx";
import { KnownDeviations } from "./known-deviations.tsx";
import { healthStateQuery } from "../health/health-queries.ts";
import { RequestStatus } from "./request-status.tsx";
import { LiveBar } from "./live-bar.tsx";
import { readableAddress } from "./readable-address.ts";
import { RequestFilters } from "./request-filters.tsx";
import { type RequestEntry, requestFilters, requestsQuery } from "./request-queries.ts";
import type { RequestsSearch } from "./requests-search.ts";
import "./requests.css";

const columns: readonly Column<RequestEntry>[] = [
  { id: "request", header: "Request", share: 30, cell: requestCell },
  { id: "status", header: "Response", share: 33, cell: answerCell },
  {
    id: "duration",
    header: "Took",
    align: "end",
    cell: ({ durationMs }) => <span className="nowrap">{`${Math.round(durationMs).toLocaleString("en")} ms`}</span>,
  },
  { id: "by", header: "By", share: 18, cell: byCell },
  { id: "at", header: "When", cell: ({ at }) => <LogMoment at={at} /> },
];

/** SCIM requests and their responses, updated live. */
export function RequestsScreen(): ReactNode {
  const search = useSearch({ from: "/shell/owner/requests" });
  const navigate = useNavigate();
  const requests = useInfiniteQuery(requestsQuery(search));
  const rows = requests.data?.pages.flatMap((page) => page.requests) ?? [];
  const { order: asked, ...filters } = requestFilters(search);
  const isFiltered = Object.keys(filters).length > 0;
  const order = `${asked ?? "newest"} first`;
  // Each choice is a step in the browser's history.
  const show = (next: RequestsSearch): void => void navigate({ to: "/requests", search: next, resetScroll: false });
  const { refetch } = requests;
  const showNew = useCallback(() => void refetch(), [refetch]);
  return (
    <Page
      title="Requests"
      lead={`Requests from your identity provider and their responses, ${order}, kept for 30 days.`}
      actions={<ExportMenu what="requests" filters={requestFilters(search)} />}
    >
      <div className="card">
        <RequestFilters search={search} onSearch={show} />
        {asked === undefined ? (
          <LiveBar
            search={search}
            isReady={requests.isSuccess && !requests.isPlaceholderData}
            newestId={rows[0]?.id}
            onShow={showNew}
            onFollow={(isFollowing) => show(isFollowing ? { ...filters, follow: true } : filters)}
          />
        ) : (
          <OrderNote order={asked} scannedMax={requests.data?.pages[0]?.scannedMax} />
        )}
        <FailureCount />
        <QueryStatus query={requests} count={8} height={56} />
        {requests.isSuccess && rows.length === 0 && (
          <NothingFound isFiltered={isFiltered} hasMore={requests.hasNextPage} />
        )}
        {rows.length > 0 && (
          <DataTable
            caption={`SCIM requests, ${order}`}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            isStale={requests.isPlaceholderData}
            isDense
          />
        )}
        <LoadMore query={requests} shown={rows.length} what={["request", "requests"]} />
      </div>
    </Page>
  );
}

/** The failure count of the Health screen, independent of the filters. */
function FailureCount(): ReactNode {
  const health = useQuery(healthStateQuery);
  const message = health.data === undefined ? "…" : failureMessage(health.data.failures);
  return <p className="quiet small before">{`${message.charAt(0).toUpperCase()}${message.slice(1)}`}</p>;
}

type OrderNoteProps = {
  readonly order: NonNullable<RequestsSearch["order"]>;
  readonly scannedMax: number | undefined;
};

/** Replaces the live bar in other orders than newest first. */
function OrderNote({ order, scannedMax }: OrderNoteProps): ReactNode {
  const bound = scannedMax === undefined ? "newest" : `newest ${scannedMax.toLocaleString("en")}`;
  return (
    <p className="live-bar quiet small">
      {order === "slowest"
        ? `These are the slowest among the ${bound} requests in the selected time. New requests are announced when the newest come first.`
        : "New requests are announced when the newest come first."}
    </p>
  );
}

function NothingFound(props: { readonly isFiltered: boolean; readonly hasMore: boolean }): ReactNode {
  if (!props.isFiltered) {
    return (
      <EmptyNote title="No requests yet">
        Requests appear here automatically once your identity provider is connected.
      </EmptyNote>
    );
  }
  return props.hasMore ? (
    <EmptyNote title="No match so far">There are more requests to search.</EmptyNote>
  ) : (
    <EmptyNote title="Nothing matches">Try fewer filters, or a longer time.</EmptyNote>
  );
}

function requestCell({ id, method, path }: RequestEntry): ReactNode {
  return (
    <>
      <Link to="/requests/$requestId" params={{ requestId: id }} className="title">
        {describeRequest(method, path)}
      </Link>
      <br />
      <code className="request-address">
        <strong>{method}</strong> {readableAddress(path)}
      </code>
    </>
  );
}

function answerCell({ status, scimType, detail, knownDeviations }: RequestEntry): ReactNode {
  return (
    <div>
      <RequestStatus status={status} scimType={scimType} />
      {detail !== null && <div className="quiet request-detail">{detail}</div>}
      <KnownDeviations deviations={knownDeviations} />
    </div>
  );
}

function byCell({ tokenName, client, ip }: RequestEntry): ReactNode {
  return (
    <div className="request-by">
      {tokenName}
      <div className="quiet">{[client, ip].filter((part) => part !== null).join(", ")}</div>
    </div>
  );
}
