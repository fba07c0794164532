import { Switch } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ActivityEntryItem } from "../components/activity-entry.tsx";
import { EmptyNote } from "../components/empty-note.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { LoadMore } from "../components/load-more.tsx";
import { Page } from "../components/page.tsx";
import { SkeletonLines } from "../components/skeleton-lines.tsx";
import { activityQuery } from "../queries.ts";

/** The change log: who did what to whom, and what was refused. Nothing in it can be changed. */
export function ActivityScreen(): ReactNode {
  const isRefusedOnly = useSearch({ from: "/shell/owner/activity" }).refused ?? false;
  const navigate = useNavigate();
  const activity = useInfiniteQuery(activityQuery(isRefusedOnly));
  const entries = activity.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Page
      title="Activity"
      lead="Everything that was changed here, or refused, newest first. Nothing is ever taken out."
    >
      <div className="card">
        <div className="toolbar">
          <Switch
            label="Refused only"
            checked={isRefusedOnly}
            onChange={(event) => {
              const search = event.currentTarget.checked ? { refused: true as const } : {};
              void navigate({ to: "/activity", search, replace: true });
            }}
          />
        </div>
        {activity.isPending && <SkeletonLines count={8} height={64} />}
        {activity.isError && <ErrorNote error={activity.error} onRetry={() => void activity.refetch()} />}
        {activity.isSuccess && entries.length === 0 && (
          <EmptyNote title={isRefusedOnly ? "Nothing was refused" : "Nothing has happened yet"} />
        )}
        {entries.length > 0 && (
          <ol className="entries" aria-label="Activity, newest first">
            {entries.map((entry) => (
              <ActivityEntryItem key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
        <LoadMore query={activity} shown={entries.length} what="entries" />
      </div>
    </Page>
  );
}
