import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Page } from "../../ui/page.tsx";
import { ResultCard } from "./result-card.tsx";
import { RunCard } from "./run-card.tsx";
import { selfCheckQuery } from "./self-check-queries.ts";

/** Runs the provider's request sequence against a sandbox and shows the exchanges. */
export function ChecksScreen(): ReactNode {
  const found = useQuery(selfCheckQuery);
  return (
    <Page title="Self-check" lead="Check that your identity provider’s requests would work before you connect it.">
      <QueryStatus query={found} count={6} height={56} inCard onlyFirst />
      {found.data !== undefined && (
        <div className="cards">
          <RunCard last={found.data.check} />
          {found.isError && <ErrorNote error={found.error} onRetry={() => void found.refetch()} />}
          {found.data.check === null ? (
            <div className="card">
              <EmptyNote title="No run yet">
                Run the checks: they take a few seconds, and each step shows up here with its requests and responses.
              </EmptyNote>
            </div>
          ) : (
            <ResultCard key={found.data.check.id} check={found.data.check} />
          )}
        </div>
      )}
    </Page>
  );
}
