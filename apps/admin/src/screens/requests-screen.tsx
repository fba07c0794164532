import { wordsOfCall } from "@rollcall/domain";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import { type Column, DataTable } from "../components/data-table.tsx";
import { EmptyNote } from "../components/empty-note.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { ExportMenu } from "../components/export-menu.tsx";
import { LoadMore } from "../components/load-more.tsx";
import { LogMoment } from "../components/moment.tsx";
import { Page } from "../components/page.tsx";
import { ProviderHabits } from "../components/provider-habits.tsx";
import { SkeletonLines } from "../components/skeleton-lines.tsx";
import { CallStatus } from "../requests/call-status.tsx";
import { LiveBar } from "../requests/live-bar.tsx";
import { readableAddress } from "../requests/readable-address.ts";
import { RequestFilters } from "../requests/request-filters.tsx";
import { type RequestEntry, requestFilters, requestsQuery } from "../requests/request-queries.ts";
import type { RequestsSearch } from "../requests/requests-search.ts";
import "../requests/requests.css";

const columns: readonly Column<RequestEntry>[] = [
  { id: "call", header: "Call", share: 30, cell: callCell },
  { id: "status", header: "Answer", share: 33, cell: answerCell },
  {
    id: "duration",
    header: "Took",
    align: "end",
    cell: ({ durationMs }) => <span className="nowrap">{`${Math.round(durationMs).toLocaleString("en")} ms`}</span>,
  },
  { id: "by", header: "By", share: 18, cell: byCell },
  { id: "at", header: "When", cell: ({ at }) => <LogMoment at={at} /> },
];

/** What the identity provider asked for and what it was told; new calls are told as they come. */
export function RequestsScreen(): ReactNode {
  const search = useSearch({ from: "/shell/owner/requests" });
  const navigate = useNavigate();
  const requests = useInfiniteQuery(requestsQuery(search));
  const rows = requests.data?.pages.flatMap((page) => page.requests) ?? [];
  const isFiltered = Object.keys(requestFilters(search)).length > 0;
  const show = (next: RequestsSearch): void => void navigate({ to: "/requests", search: next, replace: true });
  const { refetch } = requests;
  const showNew = useCallback(() => void refetch(), [refetch]);
  return (
    <Page
      title="Requests"
      lead="The calls of your identity provider, newest first, and what it was told. They are kept for 30 days."
      actions={<ExportMenu what="requests" filters={requestFilters(search)} />}
    >
      <div className="card">
        <RequestFilters search={search} onSearch={show} />
        <LiveBar
          search={search}
          isReady={requests.isSuccess && !requests.isPlaceholderData}
          newestId={rows[0]?.id}
          onShow={showNew}
          onFollow={(isFollowing) => {
            const { follow: _, ...filters } = search;
            show(isFollowing ? { ...filters, follow: true } : filters);
          }}
        />
        {requests.isPending && <SkeletonLines count={8} height={56} />}
        {requests.isError && <ErrorNote error={requests.error} onRetry={() => void requests.refetch()} />}
        {requests.isSuccess && rows.length === 0 && (
          <NothingFound isFiltered={isFiltered} hasMore={requests.hasNextPage} />
        )}
        {rows.length > 0 && (
          <DataTable
            caption="SCIM calls, newest first"
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            isStale={requests.isPlaceholderData}
            isDense
          />
        )}
        <LoadMore query={requests} shown={rows.length} what={["call", "calls"]} />
      </div>
    </Page>
  );
}

function NothingFound(props: { readonly isFiltered: boolean; readonly hasMore: boolean }): ReactNode {
  if (!props.isFiltered) {
    return (
      <EmptyNote title="No calls yet">
        As soon as your identity provider is connected, its calls show up here by themselves.
      </EmptyNote>
    );
  }
  return props.hasMore ? (
    <EmptyNote title="Nothing matches among the latest calls">There are older ones to look through.</EmptyNote>
  ) : (
    <EmptyNote title="Nothing matches">Try fewer filters, or a longer time.</EmptyNote>
  );
}

function callCell({ id, method, path }: RequestEntry): ReactNode {
  return (
    <>
      <Link to="/requests/$requestId" params={{ requestId: id }} className="title">
        {wordsOfCall(method, path)}
      </Link>
      <br />
      <code>
        <strong>{method}</strong> {readableAddress(path)}
      </code>
    </>
  );
}

function answerCell({ status, scimType, detail, habits }: RequestEntry): ReactNode {
  return (
    <div>
      <CallStatus status={status} scimType={scimType} />
      {detail !== null && <div className="quiet">{detail}</div>}
      <ProviderHabits habits={habits} />
    </div>
  );
}

function byCell({ tokenName, client, ip }: RequestEntry): ReactNode {
  return (
    <div className="call-by">
      {tokenName}
      <div className="quiet">{[client, ip].filter((part) => part !== null).join(", ")}</div>
    </div>
  );
}
