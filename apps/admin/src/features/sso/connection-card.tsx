import { Button, Group, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { MetadataForm } from "./metadata-form.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { SignInWays } from "./sign-in-ways.tsx";
import { configureSsoMutation, type SsoConnection } from "./sso-queries.ts";
import { TestDialog } from "./test-dialog.tsx";

/** The trusted identity provider, or the form to configure one. */
export function ConnectionCard({ connection }: { readonly connection: SsoConnection | null }): ReactNode {
  const title = "Identity provider";
  if (connection === null) {
    return (
      <Card
        title={title}
        lead={
          <>
            None yet. <SignInWays />
          </>
        }
      >
        <MetadataForm submit="Set up single sign-on" />
      </Card>
    );
  }
  return (
    <Card title={title} lead="Rollcall trusts responses signed by this provider." aside={<TestDialog />}>
      <ConnectionFacts connection={connection} />
      <ConnectionActions connection={connection} />
    </Card>
  );
}

function ConnectionFacts({ connection }: { readonly connection: SsoConnection }): ReactNode {
  return (
    <dl className="facts">
      <dt>State</dt>
      <dd>
        <Badge tone={connection.testedAt === null ? "warn" : "good"} dot>
          {connection.testedAt === null ? "Not tested yet" : "Tested"}
        </Badge>
        {connection.testedAt !== null && (
          <span className="quiet small">
            {" "}
            <Moment at={connection.testedAt} />
          </span>
        )}
      </dd>
      <dt>Issuer</dt>
      <dd>
        <code>{connection.entityId}</code>
      </dd>
      <dt>Signs in at</dt>
      <dd>
        <code>{connection.signInUrl}</code>
      </dd>
      <dt>Metadata</dt>
      <dd>
        {connection.metadataUrl === null ? "Pasted" : <code>{connection.metadataUrl}</code>}
        <span className="quiet small">
          , read <Moment at={connection.updatedAt} />
        </span>
      </dd>
      <dt>Certificates</dt>
      <dd>
        {connection.certificates.map(({ fingerprint, validTo, isPast }) => (
          <div key={fingerprint}>
            <code>{`${fingerprint.slice(0, 23)}…`}</code>{" "}
            <span className="quiet small">
              {isPast ? "was valid until" : "valid until"} <Moment at={validTo} asDay />
            </span>
          </div>
        ))}
      </dd>
    </dl>
  );
}

function ConnectionActions({ connection }: { readonly connection: SsoConnection }): ReactNode {
  const [asking, setAsking] = useState<"replace" | "remove">();
  const again = useMutation(configureSsoMutation);
  const close = (): void => setAsking(undefined);
  const { metadataUrl } = connection;
  return (
    <div className="after stacked">
      {again.isError && <ErrorNote error={again.error} />}
      <Group gap="sm">
        {metadataUrl !== null && (
          <Button
            variant="default"
            loading={again.isPending}
            onClick={() =>
              again.mutate({ metadataUrl }, { onSuccess: () => showSuccess("The metadata was read again.") })
            }
          >
            Read the metadata again
          </Button>
        )}
        <Button variant="default" onClick={() => setAsking("replace")}>
          Replace…
        </Button>
        <Button variant="default" onClick={() => setAsking("remove")}>
          Remove…
        </Button>
      </Group>
      <Modal opened={asking === "replace"} onClose={close} title="Replace the identity provider">
        <MetadataForm submit="Replace" onCancel={close} onDone={close} />
      </Modal>
      <RemoveDialog opened={asking === "remove"} onClose={close} isRequired={connection.isRequired} />
    </div>
  );
}
