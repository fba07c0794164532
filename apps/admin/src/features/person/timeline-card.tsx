import { Switch } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { QueryStatus } from "../../ui/query-status.tsx";
import { dayOf } from "../../ui/time-format.ts";
import { timelineQuery, type TimelineItem } from "./person-queries.ts";
import { idOf, timeOf, TimelineEntry } from "./timeline-entry.tsx";
import "./person.css";

/** A person's history by day, newest first. The filter is in the address. */
export function TimelineCard({ memberId }: { readonly memberId: string }): ReactNode {
  const { refused } = useSearch({ from: "/shell/owner/members/$memberId" });
  const navigate = useNavigate();
  const isRefusedOnly = refused === true;
  const timeline = useInfiniteQuery(timelineQuery(memberId, isRefusedOnly));
  const items = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = (isOn: boolean): void =>
    void navigate({
      to: "/members/$memberId",
      params: { memberId },
      search: isOn ? { refused: true } : {},
      replace: true,
      resetScroll: false,
    });
  return (
    <Card
      title="What happened"
      lead="What the directory and owners did, what was refused, and sign-ins here, newest first."
      aside={
        <Switch
          label="Refused only"
          checked={isRefusedOnly}
          onChange={(event) => filter(event.currentTarget.checked)}
        />
      }
    >
      <p className="entry-links small timeline-ways">
        <Link to="/requests" search={{ memberId }}>
          Requests about this person
        </Link>
        <Link to="/activity" search={{ byMemberId: memberId }}>
          What this person did
        </Link>
      </p>
      <QueryStatus query={timeline} count={6} height={64} />
      {timeline.isSuccess && items.length === 0 && (
        <EmptyNote title={isRefusedOnly ? "Nothing was refused" : "Nothing has happened yet"} />
      )}
      {daysOf(items).map(({ day, items: ofDay }) => (
        <section key={day} className="day" aria-label={day}>
          <h3>{day}</h3>
          <ol className="entries">
            {ofDay.map((item) => (
              <TimelineEntry key={idOf(item)} item={item} here={memberId} />
            ))}
          </ol>
        </section>
      ))}
      <LoadMore query={timeline} shown={items.length} what={["entry", "entries"]} />
    </Card>
  );
}

type Day = { readonly day: string; readonly items: readonly TimelineItem[] };

/** The items grouped by day in the viewer's time zone. */
function daysOf(items: readonly TimelineItem[]): readonly Day[] {
  const days = new Set(items.map((item) => dayOf(timeOf(item))));
  return [...days].map((day) => ({ day, items: items.filter((item) => dayOf(timeOf(item)) === day) }));
}
