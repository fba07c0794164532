import { noticeDays } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Note } from "../components/note.tsx";
import { useNow } from "../now.ts";
import { tokensQuery } from "../queries.ts";
import { dayOf, relativeTime } from "../time-words.ts";

const dayMs = 86_400_000;
const urgentDays = 7;

/** Tells owners, on every screen, of tokens that expire within 30 days and have no successor. */
export function ExpiringNote(): ReactNode {
  const tokens = useQuery(tokensQuery);
  const nowMs = useNow();
  const leftMs = (expiresAt: string): number => Date.parse(expiresAt) - nowMs;
  const expiring = (tokens.data ?? []).filter(
    ({ status, endsAt, expiresAt }) =>
      status === "ACTIVE" && endsAt === null && leftMs(expiresAt) <= noticeDays[0] * dayMs,
  );
  if (expiring.length === 0) return null;
  return (
    <section className="notes" aria-label="Tokens that expire soon">
      {expiring.map(({ id, name, expiresAt }) => (
        <Note key={id} tone={leftMs(expiresAt) <= urgentDays * dayMs ? "bad" : "warn"}>
          <p>
            The SCIM token <strong>{name}</strong> expires {relativeTime(expiresAt, nowMs)}, on {dayOf(expiresAt)}. From
            then on your identity provider is refused. <Link to="/settings/provisioning">Rotate it</Link>
          </p>
        </Note>
      ))}
    </section>
  );
}
