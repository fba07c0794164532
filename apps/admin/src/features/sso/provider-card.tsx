import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import type { Sso } from "./sso-queries.ts";

/** The values for the identity provider's form. */
export function ProviderCard({ sso }: { readonly sso: Sso }): ReactNode {
  return (
    <Card
      title="For your identity provider"
      lead="Create a SAML 2.0 application there with these values. It must sign its assertions."
    >
      <dl className="facts">
        <dt>ACS URL</dt>
        <dd>
          <CopyField text={sso.acsUrl} what="ACS URL" />
        </dd>
        <dt>Audience (entity ID)</dt>
        <dd>
          <CopyField text={sso.entityId} what="audience" />
        </dd>
        <dt>NameID</dt>
        <dd>The account’s email address. Signing in adds no one.</dd>
        <dt>Our metadata</dt>
        <dd>
          <CopyField text={sso.metadataUrl} what="metadata address" />
        </dd>
        <dt>Where people start</dt>
        <dd>
          <CopyField text={sso.startUrl} what="sign-in address" />
        </dd>
      </dl>
    </Card>
  );
}
