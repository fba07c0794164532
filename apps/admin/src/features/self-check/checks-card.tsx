import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Moment } from "../../ui/moment.tsx";
import { stateBadges } from "./run-messages.ts";
import { providerNames, type SelfCheck, selfCheckQuery } from "./self-check-queries.ts";

/** The last run of the checks and its outcome, with a link. */
export function ChecksCard(): ReactNode {
  const found = useQuery(selfCheckQuery);
  return (
    <Card
      title="Self-check"
      lead="Check whether your identity provider’s requests would work, on a sandbox of this organization. Your data is not changed."
      aside={
        <Button variant="default" renderRoot={(props) => <Link to="/checks" {...props} />}>
          Go to the checks
        </Button>
      }
    >
      <QueryStatus query={found} count={1} height={32} />
      {found.data !== undefined && <LastRun check={found.data.check} />}
    </Card>
  );
}

function LastRun({ check }: { readonly check: SelfCheck | null }): ReactNode {
  if (check === null) return <p className="quiet small">The checks have not been run yet.</p>;
  const [tone, label] = stateBadges[check.state];
  return (
    <p className="small">
      <Badge tone={tone} dot>
        {label}
      </Badge>{" "}
      as {providerNames[check.provider]}, <Moment at={check.startedAt} />
    </p>
  );
}
