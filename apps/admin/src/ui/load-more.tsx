import { Button } from "@mantine/core";
import type { ReactNode } from "react";

type LoadMoreProps = {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly shown: number;
  /** Singular and plural. */
  readonly what: readonly [string, string];
};

/** Loads the next page and shows the count; a filtered page may be empty with more to search. */
export function LoadMore({ query, shown, what }: LoadMoreProps): ReactNode {
  if (shown === 0 && !query.hasNextPage) return null;
  return (
    <div className="pager">
      <output className="quiet small">
        {shown > 0 && `${query.hasNextPage || shown === 1 ? "" : "All "}${shown} ${what[shown === 1 ? 0 : 1]} shown`}
      </output>
      {query.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {shown === 0 ? "Look further" : "Load more"}
        </Button>
      )}
    </div>
  );
}
