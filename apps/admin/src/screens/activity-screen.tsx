import { Button, Switch } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ActivityEntryItem } from "../components/activity-entry.tsx";
import { EmptyNote } from "../components/empty-note.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { ExportMenu } from "../components/export-menu.tsx";
import { LoadMore } from "../components/load-more.tsx";
import { Note } from "../components/note.tsx";
import { Page } from "../components/page.tsx";
import { SkeletonLines } from "../components/skeleton-lines.tsx";
import { activityFilters, activityQuery, tokensQuery } from "../queries.ts";
import type { ActivitySearch } from "../search.ts";
import { exactTime } from "../time-words.ts";

/** The change log: who did what to whom, and what was refused. Nothing in it can be changed. */
export function ActivityScreen(): ReactNode {
  const search = useSearch({ from: "/shell/owner/activity" });
  const navigate = useNavigate();
  const activity = useInfiniteQuery(activityQuery(search));
  const entries = activity.data?.pages.flatMap((page) => page.entries) ?? [];
  const show = (next: ActivitySearch): void => void navigate({ to: "/activity", search: next, replace: true });
  return (
    <Page
      title="Activity"
      lead="Everything that was changed here, or refused, newest first. Nothing is ever taken out."
      actions={<ExportMenu what="activity" filters={activityFilters(search)} />}
    >
      <TokenNote search={search} onClear={() => show(search.refused === true ? { refused: true } : {})} />
      <div className="card">
        <div className="toolbar">
          <Switch
            label="Refused only"
            checked={search.refused === true}
            onChange={(event) => {
              const { refused: _former, ...rest } = search;
              show(event.currentTarget.checked ? { ...rest, refused: true } : rest);
            }}
          />
        </div>
        {activity.isPending && <SkeletonLines count={8} height={64} />}
        {activity.isError && <ErrorNote error={activity.error} onRetry={() => void activity.refetch()} />}
        {activity.isSuccess && entries.length === 0 && <EmptyNote title={emptyTitle(search)} />}
        {entries.length > 0 && (
          <ol className="entries" aria-label="Activity, newest first">
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

function emptyTitle({ refused, tokenId }: ActivitySearch): string {
  if (tokenId !== undefined) return refused === true ? "Nothing of this token was refused" : "This token did nothing";
  return refused === true ? "Nothing was refused" : "Nothing has happened yet";
}

/** Says that only one token's acts are shown, and leads back to everything. */
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
