import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { Page } from "../../ui/page.tsx";
import { ScreenSkeleton } from "../../ui/screen-skeleton.tsx";
import { sessionQuery } from "../../queries.ts";

/** The start page of a member. Owners are redirected to the Health screen. */
export function HomeScreen(): ReactNode {
  const session = useQuery(sessionQuery);
  if (session.data === undefined || session.data === null) return <ScreenSkeleton />;
  const { isOwner, organization, account, roles } = session.data;
  if (isOwner) return <Navigate to="/health" replace />;
  if (organization === null) {
    return (
      <Page title={`Welcome, ${account.name}`}>
        <Card title="No organization yet">
          <EmptyNote title="Your access has not begun">
            You will see an organization here as soon as you accept its membership.
          </EmptyNote>
        </Card>
      </Page>
    );
  }
  return (
    <Page title={organization.name} lead={`You are signed in as ${account.email}.`}>
      <div className="cards">
        <Card title="Your roles" lead="What you may do in this organization follows from them.">
          <ul className="badges plain">
            {roles.map((role) => (
              <li key={role}>
                <Badge tone="info">{role}</Badge>
              </li>
            ))}
          </ul>
          {roles.length === 0 && <p className="quiet">You have no role here.</p>}
        </Card>
        <Card
          title="Settings"
          lead="Only owners can open the settings. If you need a role or something changed, ask an Account Owner of the organization."
        />
      </div>
    </Page>
  );
}
