import { Button } from "@mantine/core";
import type { ReactNode } from "react";

type LoadMoreProps = {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly shown: number;
  readonly what: string;
};

/** The way to what is older, and how much is on screen. */
export function LoadMore({ query, shown, what }: LoadMoreProps): ReactNode {
  if (shown === 0) return null;
  return (
    <div className="pager">
      <output className="quiet small">
        {query.hasNextPage ? `${shown} ${what} shown` : `All ${shown} ${what} shown`}
      </output>
      {query.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Load more
        </Button>
      )}
    </div>
  );
}
