import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Note } from "../../ui/note.tsx";
import { useNow } from "../../ui/now.ts";
import { guardHoldQuery } from "../provisioning/provisioning-queries.ts";
import { formatRemovals } from "../provisioning/guard-messages.ts";
import { relativeTime } from "../../ui/time-format.ts";

/** Warns owners on every screen that removals are on hold, and links to the decision. */
export function GuardNote(): ReactNode {
  const hold = useQuery(guardHoldQuery);
  const nowMs = useNow();
  const { pathname } = useLocation();
  if (hold.data === undefined || hold.data === null) return null;
  const { latchedAt, held } = hold.data;
  return (
    <section className="notes" aria-label="Removals need your decision">
      <Note tone={held > 0 ? "bad" : "warn"} isAnnounced>
        <p>
          <strong>Removals by your identity provider are on hold.</strong>{" "}
          {held > 0
            ? `${formatRemovals(held)} ${held === 1 ? "waits" : "wait"} for your decision. First held ${relativeTime(latchedAt, nowMs)}.`
            : "Everything so far is decided; new removals are still held."}
        </p>
        {pathname !== "/settings/provisioning" && (
          <Button
            size="xs"
            variant={held > 0 ? "filled" : "default"}
            renderRoot={(props) => <Link to="/settings/provisioning" {...props} />}
          >
            Review
          </Button>
        )}
      </Note>
    </section>
  );
}
