import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Badge } from "../../ui/badge.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { toneOf } from "../requests/request-status.tsx";
import { formatDuration } from "./run-messages.ts";
import { exchangesQuery, type SelfCheckExchange } from "./self-check-queries.ts";

type ExchangeListProps = { readonly checkId: string; readonly position: number; readonly count: number };

/** The requests and responses of one step, in order. */
export function ExchangeList({ checkId, position, count }: ExchangeListProps): ReactNode {
  const found = useQuery(exchangesQuery(checkId, position));
  if (found.isPending) return <SkeletonLines count={Math.min(count, 4)} height={64} />;
  if (found.isError) return <ErrorNote error={found.error} onRetry={() => void found.refetch()} />;
  const exchanges = found.data.exchanges.map((exchange, index) => ({ exchange, place: index + 1 }));
  return (
    <ol className="exchanges">
      {exchanges.map(({ exchange, place }) => (
        <li key={place}>
          <Exchange exchange={exchange} />
        </li>
      ))}
    </ol>
  );
}

function Exchange({ exchange }: { readonly exchange: SelfCheckExchange }): ReactNode {
  const { method, path, requestBody, status, responseBody, durationMs } = exchange;
  return (
    <>
      <p className="exchange-head">
        <code>
          <strong>{method}</strong> {readable(path)}
        </code>
        <Badge tone={toneOf(status)}>{status === 0 ? "No response" : status}</Badge>
        <span className="quiet small">{formatDuration(durationMs)}</span>
      </p>
      {requestBody !== null && <Body title="Request" text={requestBody} />}
      {responseBody !== null && <Body title="Response" text={responseBody} />}
    </>
  );
}

function Body({ title, text }: { readonly title: string; readonly text: string }): ReactNode {
  return (
    <div className="exchange-body">
      <p className="quiet small">{title}</p>
      <pre className="mono">{text}</pre>
    </div>
  );
}

/** The path with percent-encoding decoded; unchanged if it is invalid. */
function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
