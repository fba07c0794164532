import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Page } from "../../ui/page.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { RequestsCard } from "./requests-card.tsx";
import { CompareCard } from "./compare-card.tsx";
import { DriftCard } from "./drift-card.tsx";
import { HealthCard } from "./health-card.tsx";
import { healthQuery } from "./health-queries.ts";
import "./health.css";

/** Provisioning state, the requests of the last day, and drift from the directory. */
export function HealthScreen(): ReactNode {
  const health = useQuery(healthQuery);
  return (
    <Page title="Health" lead="Connection status and member sync.">
      {health.isPending && (
        <div className="cards">
          <div className="card">
            <SkeletonLines count={3} height={52} />
          </div>
          <div className="card">
            <SkeletonLines count={6} height={56} />
          </div>
        </div>
      )}
      {health.isError && health.data === undefined && (
        <ErrorNote error={health.error} onRetry={() => void health.refetch()} />
      )}
      {health.data !== undefined && (
        <div className="cards">
          <HealthCard health={health.data} />
          <RequestsCard health={health.data} />
          <DriftCard isEnabled={health.data.isEnabled} />
          <CompareCard />
        </div>
      )}
    </Page>
  );
}
