import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { Card } from "../../ui/card.tsx";
import { Page } from "../../ui/page.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import { ExemptionsCard } from "./exemptions-card.tsx";
import { ProviderCard } from "./provider-card.tsx";
import { RequirementCard } from "./requirement-card.tsx";
import { ssoQuery, ssoTestQuery } from "./sso-queries.ts";
import { TestReport } from "./test-report.tsx";

/** The settings of single sign-on. */
export function SsoScreen(): ReactNode {
  const { test } = useSearch({ from: "/shell/owner/settings/sso" });
  const sso = useQuery(ssoQuery);
  return (
    <Page title="Single sign-on" lead="People sign in by your identity provider, over SAML 2.0.">
      <QueryStatus query={sso} count={5} height={56} inCard onlyFirst />
      {sso.data !== undefined && (
        <div className="cards">
          {test !== undefined && <ReportCard id={test} />}
          <ProviderCard sso={sso.data} />
          <ConnectionCard connection={sso.data.connection} />
          <RequirementCard connection={sso.data.connection} />
          {sso.data.connection !== null && <ExemptionsCard exemptions={sso.data.exemptions} />}
        </div>
      )}
    </Page>
  );
}

/** The report of a test that ended in this tab. */
function ReportCard({ id }: { readonly id: string }): ReactNode {
  const found = useQuery(ssoTestQuery(id));
  return (
    <Card title="Test of the connection" lead="The tab in which you began it shows the same. You can close this one.">
      <QueryStatus query={found} count={4} />
      {found.data === null && <p>There is no such test in this organization.</p>}
      {found.data?.report === null && <p>There is no response to this test yet.</p>}
      {found.data?.report !== undefined && found.data.report !== null && <TestReport report={found.data.report} />}
    </Card>
  );
}
