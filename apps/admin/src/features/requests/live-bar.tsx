import { Button, Switch } from "@mantine/core";
import { formatCount } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Badge } from "../../ui/badge.tsx";
import { type LiveState, openLiveStream } from "./live-stream.ts";
import { askForNewRequests, newRequestsQuery } from "./request-queries.ts";
import type { RequestsSearch } from "./requests-search.ts";

type LiveBarProps = {
  readonly search: RequestsSearch;
  /** Has the list loaded? */
  readonly isReady: boolean;
  /** The id of the first request on screen, if any. */
  readonly newestId: string | undefined;
  readonly onShow: () => void;
  readonly onFollow: (isFollowing: boolean) => void;
};

const states = {
  live: { tone: "good", label: "Live" },
  asking: { tone: "info", label: "Checks every 5 seconds" },
  paused: { tone: "neutral", label: "Paused" },
} as const satisfies Record<LiveState, object>;

/**
 * Shows the number of new requests and lists them on demand, so that the list does not move while it is read. With the
 * switch, or if the list is empty, new requests are listed at once.
 */
export function LiveBar({ search, isReady, newestId, onShow, onFollow }: LiveBarProps): ReactNode {
  const [state, setState] = useState<LiveState>("asking");
  useEffect(() => openLiveStream({ onState: setState, onRequests: askForNewRequests }), []);
  const news = useQuery({ ...newRequestsQuery(search, newestId, state !== "asking"), enabled: isReady });
  const count = isReady ? (news.data?.requests.length ?? 0) : 0;
  const isFollowing = search.follow === true;
  const isShownAtOnce = count > 0 && (isFollowing || newestId === undefined);
  useEffect(() => {
    if (isShownAtOnce) onShow();
  }, [isShownAtOnce, onShow]);
  const { tone, label } = states[state];
  const hasMore = news.data?.nextCursor !== null && news.data !== undefined;
  return (
    <section className="live-bar" aria-label="New requests">
      <Badge tone={tone} dot>
        {label}
      </Badge>
      {count > 0 && !isShownAtOnce ? (
        <Button size="xs" onClick={onShow}>
          {`Show ${count}${hasMore ? " or more" : ""} new ${count === 1 ? "request" : "requests"}`}
        </Button>
      ) : (
        <span className="quiet small">New requests are announced here.</span>
      )}
      <output className="visually-hidden">{count > 0 ? formatCount(count, "new request") : ""}</output>
      <Switch
        size="sm"
        label="Show new requests immediately"
        checked={isFollowing}
        onChange={(event) => onFollow(event.currentTarget.checked)}
      />
    </section>
  );
}
