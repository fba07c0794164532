import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { Page } from "../../ui/page.tsx";
import { sessionQuery } from "../../queries.ts";

/** Shows the screen to owners; others see the reason, and no query is sent. */
export function OwnerGate(): ReactNode {
  const session = useQuery(sessionQuery);
  if (session.data?.isOwner === true) return <Outlet />;
  return (
    <Page title="Only owners can open the settings">
      <Card
        title="Ask an owner"
        lead="Provisioning, members, roles and the activity log are for the organization’s Account Owners. If you need something changed, ask one of them."
      >
        <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
          Back to your page
        </Button>
      </Card>
    </Page>
  );
}
