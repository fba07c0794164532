import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Note } from "../../ui/note.tsx";
import { useNow } from "../../ui/now.ts";
import { tokensQuery } from "../../queries.ts";
import { dayOf, relativeTime } from "../../ui/time-format.ts";

const dayMs = 86_400_000;
const urgentDays = 7;

/** Warns owners on every screen about tokens that expire within 30 days without a newer token. */
export function ExpiringNote(): ReactNode {
  const tokens = useQuery(tokensQuery);
  const nowMs = useNow();
  const ending = (tokens.data ?? []).filter(({ isEnding }) => isEnding);
  if (ending.length === 0) return null;
  return (
    <section className="notes" aria-label="Tokens that expire soon">
      {ending.map(({ id, name, expiresAt, endsAt }) => {
        const end = endsAt ?? expiresAt;
        return (
          <Note key={id} tone={Date.parse(end) - nowMs <= urgentDays * dayMs ? "bad" : "warn"}>
            <p>
              The SCIM token <strong>{name}</strong> expires {relativeTime(end, nowMs)}, on {dayOf(end)}
              {endsAt === null ? "" : ": it was rotated, and its successor was revoked"}. From then on your identity
              provider is refused. <Link to="/settings/provisioning">Rotate it</Link>
            </p>
          </Note>
        );
      })}
    </section>
  );
}
