import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../components/card.tsx";
import { CopyField } from "../components/copy-field.tsx";
import { Page } from "../components/page.tsx";
import { provisioningQuery } from "../queries.ts";

/** How to connect Okta, step by step; other providers ask for the same values. */
export function GuideScreen(): ReactNode {
  const provisioning = useQuery(provisioningQuery);
  return (
    <Page
      title="Set-up guide"
      lead="These steps are for Okta. Other providers that speak SCIM 2.0 ask for the same values under other names."
    >
      <div className="cards">
        <Card title="1. Prepare Rollcall">
          <ol className="plain-list measure">
            <li>
              On <Link to="/settings/provisioning">Provisioning</Link>, choose the default role and save it.
            </li>
            <li>Turn provisioning on.</li>
            <li>Generate a token, and keep it at hand. It is shown once.</li>
            <li>
              Try it without anybody real: <Link to="/checks">run the checks</Link>.
            </li>
          </ol>
        </Card>
        <Card title="2. Connect Okta">
          <ol className="plain-list measure">
            <li>
              In Okta’s admin console, open your application and turn SCIM provisioning on in its general settings.
            </li>
            <li>
              On the Provisioning tab, under Integration, enter this SCIM connector base URL:
              {provisioning.data !== undefined && <CopyField text={provisioning.data.baseUrl} what="SCIM base URL" />}
            </li>
            <li>
              Unique identifier field for users: <code>userName</code>.
            </li>
            <li>Select the actions to import, push new users, push profile updates and push groups.</li>
            <li>Authentication mode: HTTP Header. Paste the token, test the connection, and save.</li>
          </ol>
        </Card>
        <Card title="3. Say what Okta may do">
          <ol className="plain-list measure">
            <li>Under “To App”, turn on creating, updating and deactivating users. Leave password sync off.</li>
            <li>Assign people or groups to the application. Rollcall adds them with the default role.</li>
            <li>
              Push groups if you want them as roles. Set their permissions under <Link to="/roles">Roles</Link>.
            </li>
          </ol>
        </Card>
        <Card title="Good to know">
          <ul className="plain-list measure">
            <li>People who are here already are matched by e-mail, and keep their roles.</li>
            <li>An e-mail address changes only between domains that the organization has verified.</li>
            <li>
              Unassigning somebody takes their access away at once. Assigning them again restores the same person.
            </li>
            <li>
              What Okta asked for and what it was told is under <Link to="/requests">Requests</Link>.
            </li>
          </ul>
        </Card>
      </div>
    </Page>
  );
}
