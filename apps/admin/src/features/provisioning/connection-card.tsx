import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { CopyField } from "../../ui/copy-field.tsx";

const features = [
  "Create users",
  "Update user attributes",
  "Deactivate and reactivate users",
  "Import users and groups",
  "Push groups (they become roles)",
] as const;

/** The values for the identity provider's form. */
export function ConnectionCard({ baseUrl }: { readonly baseUrl: string }): ReactNode {
  return (
    <Card
      title="Connection"
      lead="Enter these values where your identity provider asks for them."
      aside={
        <Button variant="subtle" renderRoot={(props) => <Link to="/setup" {...props} />}>
          Setup guide
        </Button>
      }
    >
      <dl className="facts">
        <dt>SCIM base URL</dt>
        <dd>
          <CopyField text={baseUrl} what="SCIM base URL" />
        </dd>
        <dt>SCIM version</dt>
        <dd>2.0</dd>
        <dt>Unique identifier</dt>
        <dd>
          email (<code>userName</code>)
        </dd>
        <dt>Authentication</dt>
        <dd>HTTP header, with a token from below</dd>
        <dt>Supported features</dt>
        <dd>
          <ul className="tick-list">
            {features.map((feature) => (
              <li key={feature}>
                <IconCheck size={16} stroke={2} aria-hidden />
                {feature}
              </li>
            ))}
          </ul>
        </dd>
      </dl>
    </Card>
  );
}
