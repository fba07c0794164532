import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Note } from "../../ui/note.tsx";
import { healthStateQuery } from "../health/health-queries.ts";

/** Warns owners that requests fail, on every screen but Health, which shows it already. */
export function FailingNote(): ReactNode {
  const health = useQuery(healthStateQuery);
  const { pathname } = useLocation();
  if (health.data?.state !== "failing" || pathname === "/health") return null;
  return (
    <section className="notes" aria-label="Requests are failing">
      <Note tone="warn" isAnnounced>
        <p>
          <strong>Requests of your identity provider are failing.</strong> {health.data.cause}{" "}
          <Link to="/requests" search={{ failed: true }}>
            See failed requests
          </Link>
        </p>
      </Note>
    </section>
  );
}
