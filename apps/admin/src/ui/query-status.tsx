import type { ReactNode } from "react";
import { ErrorNote } from "./error-note.tsx";
import { SkeletonLines } from "./skeleton-lines.tsx";

type QueryStatusProps = {
  readonly query: {
    readonly isPending: boolean;
    readonly isError: boolean;
    readonly data?: unknown;
    readonly error: unknown;
    readonly refetch: () => Promise<unknown>;
  };
  /** The number of placeholder rows and their height in pixels. */
  readonly count: number;
  readonly height?: number;
  /** Puts the placeholder in a card of its own. */
  readonly inCard?: boolean;
  /** Hides the error of a refetch, as the former data is still shown. */
  readonly onlyFirst?: boolean;
};

/**
 * A query's placeholder while it loads, or its error with a retry button; nothing once there is data. Must be mounted
 * with the component that calls `useQuery`, unless that watches all properties (`notifyOnChangeProps`).
 */
export function QueryStatus({ query, count, height, inCard = false, onlyFirst = false }: QueryStatusProps): ReactNode {
  if (query.isPending) {
    const lines = <SkeletonLines count={count} {...(height === undefined ? {} : { height })} />;
    return inCard ? <div className="card">{lines}</div> : lines;
  }
  if (!query.isError || (onlyFirst && query.data !== undefined)) return null;
  return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
}
