import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ActivityFilters } from "./activity-filters.tsx";
import { activityFilters, activityQuery } from "./activity-queries.ts";
import type { ActivitySearch } from "./activity-search.ts";
import { ActivityEntryItem } from "./activity-entry.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ExportMenu } from "../../ui/export-menu.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { Note } from "../../ui/note.tsx";
import { Page } from "../../ui/page.tsx";
import { tokensQuery } from "../../queries.ts";
import { QueryStatus } from "../../ui/query-status.tsx";
import { exactTime } from "../../ui/time-format.ts";

/** Entries cannot be edited or deleted. */
export function ActivityScreen(): ReactNode {
  const search = useSearch({ from: "/shell/owner/activity" });
  const navigate = useNavigate();
  const activity = useInfiniteQuery(activityQuery(search));
  const entries = activity.data?.pages.flatMap((page) => page.entries) ?? [];
  const order = search.order === "oldest" ? "oldest first" : "newest first";
  // Each choice is a step in the browser's history.
  const show = (next: ActivitySearch): void => void navigate({ to: "/activity", search: next, resetScroll: false });
  return (
    <Page
      title="Activity"
      lead={`Everything that was changed here, or refused, ${order}. Changes are kept for good, refusals for 180 days.`}
      actions={<ExportMenu what="activity" filters={activityFilters(search)} />}
    >
      <TokenNote search={search} onClear={() => show(search.refused === true ? { refused: true } : {})} />
      <div className="card">
        <ActivityFilters search={search} onSearch={show} />
        <QueryStatus query={activity} count={8} height={64} />
        {activity.isSuccess && entries.length === 0 && <NothingFound search={search} hasMore={activity.hasNextPage} />}
        {entries.length > 0 && (
          <ol className="entries" aria-label={`Activity, ${order}`} aria-busy={activity.isPlaceholderData}>
            {entries.map((entry) => (
              <ActivityEntryItem key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
        <LoadMore query={activity} shown={entries.length} what={["entry", "entries"]} />
      </div>
    </Page>
  );
}

function NothingFound(props: { readonly search: ActivitySearch; readonly hasMore: boolean }): ReactNode {
  const { order: _, ...filters } = props.search;
  if (props.hasMore) {
    return <EmptyNote title="No match so far">There are more entries to search.</EmptyNote>;
  }
  const names = Object.keys(filters);
  if (names.length === 0) return <EmptyNote title="Nothing has happened yet" />;
  return names.length === 1 && filters.refused === true ? (
    <EmptyNote title="Nothing was refused" />
  ) : (
    <EmptyNote title="Nothing matches">Try fewer filters, or a longer time.</EmptyNote>
  );
}

/** Shows that the log is filtered by a token, with a link that clears the filter. */
function TokenNote({ search, onClear }: { readonly search: ActivitySearch; readonly onClear: () => void }): ReactNode {
  const { tokenId, since } = search;
  const tokens = useQuery({ ...tokensQuery, enabled: tokenId !== undefined });
  if (tokenId === undefined) return null;
  const name = tokens.data?.find(({ id }) => id === tokenId)?.name;
  return (
    <section className="notes" aria-label="What is shown">
      <Note tone="info">
        <p>
          Only what the token <strong>{name ?? tokenId}</strong> did
          {since === undefined ? "" : ` since ${exactTime(since)}`} is shown.
        </p>
        <Button size="xs" variant="default" onClick={onClear}>
          Show everything
        </Button>
      </Note>
    </section>
  );
}
