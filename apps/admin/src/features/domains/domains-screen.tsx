import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { QueryStatus } from "../../ui/query-status.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { Page } from "../../ui/page.tsx";
import { AddDomainDialog } from "./add-domain-dialog.tsx";
import { DomainList } from "./domain-list.tsx";
import { domainsQuery } from "./domain-queries.ts";

/** Email addresses can change only between verified domains. */
export function DomainsScreen(): ReactNode {
  const [isAdding, setAdding] = useState(false);
  const domains = useQuery(domainsQuery);
  return (
    <Page
      title="Domains"
      lead="Your identity provider can change email addresses only on domains you have verified."
      actions={<Button onClick={() => setAdding(true)}>Add a domain</Button>}
    >
      <QueryStatus query={domains} count={3} height={56} inCard onlyFirst />
      {domains.data?.length === 0 && (
        <div className="card">
          <EmptyNote title="No domain yet">
            Add the domain of your people’s addresses and verify it with a DNS record.
          </EmptyNote>
        </div>
      )}
      {domains.data !== undefined && domains.data.length > 0 && <DomainList domains={domains.data} />}
      <AddDomainDialog opened={isAdding} onClose={() => setAdding(false)} />
    </Page>
  );
}
