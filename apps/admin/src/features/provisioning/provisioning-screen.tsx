import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Page } from "../../ui/page.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import { DangerCard } from "./danger-card.tsx";
import { DefaultRoleCard } from "./default-role-card.tsx";
import { ExemptionsCard } from "./exemptions-card.tsx";
import { GuardCard } from "./guard-card.tsx";
import { RemovalCard } from "./removal-card.tsx";
import { StateCard } from "./state-card.tsx";
import { TokensCard } from "./tokens-card.tsx";
import { provisioningQuery } from "../../queries.ts";
import { SetupCard } from "../setup/setup-card.tsx";
import { setupQuery } from "../setup/setup-queries.ts";
import { ChecksCard } from "../self-check/checks-card.tsx";

/** The settings of provisioning. */
export function ProvisioningScreen(): ReactNode {
  const provisioning = useQuery(provisioningQuery);
  const setup = useQuery(setupQuery);
  const isPending = provisioning.isPending || setup.isPending;
  // What waits for a decision comes first.
  const guard = provisioning.data?.guard;
  const isGuardFirst = guard !== undefined && (guard.latchedAt !== null || guard.releasedUntil !== null);
  return (
    <Page title="Provisioning" lead="Your identity provider manages this organization’s members over SCIM 2.0.">
      {isPending && (
        <div className="card">
          <SkeletonLines count={5} height={56} />
        </div>
      )}
      {provisioning.isError && provisioning.data === undefined && (
        <ErrorNote error={provisioning.error} onRetry={() => void provisioning.refetch()} />
      )}
      {provisioning.data !== undefined && !isPending && (
        <div className="cards">
          {setup.data !== undefined && <SetupCard setup={setup.data} />}
          {isGuardFirst && <GuardCard provisioning={provisioning.data} />}
          <StateCard provisioning={provisioning.data} />
          <ConnectionCard baseUrl={provisioning.data.baseUrl} />
          <ChecksCard />
          <DefaultRoleCard current={provisioning.data.defaultRole} />
          <TokensCard />
          {!isGuardFirst && <GuardCard provisioning={provisioning.data} />}
          <RemovalCard provisioning={provisioning.data} />
          <ExemptionsCard />
          <DangerCard provisioning={provisioning.data} />
        </div>
      )}
    </Page>
  );
}
