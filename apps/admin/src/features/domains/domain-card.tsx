import { Button, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readApiError } from "../../api-error.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { checkDomainMutation, type Domain } from "./domain-queries.ts";
import { RemoveDomainDialog } from "./remove-domain-dialog.tsx";

const badges = {
  pending: ["neutral", "Not verified yet"],
  verified: ["good", "Verified"],
  failing: ["warn", "Record missing"],
} as const;

/** A domain: its state, its DNS record and the next step. */
export function DomainCard({ domain }: { readonly domain: Domain }): ReactNode {
  const [isRemoving, setRemoving] = useState(false);
  const check = useMutation(checkDomainMutation);
  const { rule } = readApiError(check.error);
  const [tone, label] = badges[domain.state];
  const look = (): void =>
    check.mutate({ domain: domain.domain }, { onSuccess: () => showSuccess(`${domain.domain} is verified.`) });
  return (
    <Card
      title={domain.domain}
      lead={<DomainLead domain={domain} />}
      aside={
        <Badge tone={tone} dot>
          {label}
        </Badge>
      }
    >
      <div className="stacked">
        {domain.state === "failing" && domain.lapsesAt !== null && (
          <Note tone="warn">
            The TXT record is no longer in the DNS. The domain is still verified. If the record is not restored, its
            verification ends <Moment at={domain.lapsesAt} />.
          </Note>
        )}
        {domain.state !== "verified" && domain.record !== null && <ProofRecord record={domain.record} />}
        {domain.problem !== null && domain.state === "pending" && (
          <Note tone="warn" isAnnounced={check.isError}>
            {domain.problem}
            {domain.checkedAt !== null && (
              <>
                {" "}
                Last checked <Moment at={domain.checkedAt} />.
              </>
            )}
          </Note>
        )}
        {check.isError && rule !== "domainUnproven" && rule !== "domainTaken" && <ErrorNote error={check.error} />}
        <Group gap="sm">
          {domain.record !== null && (
            <Button
              variant={domain.state === "verified" ? "default" : "filled"}
              loading={check.isPending}
              aria-label={`Check now: ${domain.domain}`}
              onClick={look}
            >
              Check now
            </Button>
          )}
          <Button variant="default" aria-label={`Remove ${domain.domain}`} onClick={() => setRemoving(true)}>
            Remove…
          </Button>
        </Group>
      </div>
      <RemoveDomainDialog domain={domain} opened={isRemoving} onClose={() => setRemoving(false)} />
    </Card>
  );
}

function DomainLead({ domain }: { readonly domain: Domain }): ReactNode {
  const count = domain.memberCount === 0 ? "No" : domain.memberCount.toLocaleString("en");
  return (
    <>
      {count} {domain.memberCount === 1 ? "member has" : "members have"} an address here.
      {domain.verifiedAt !== null && (
        <>
          {" "}
          Verified by {domain.record === null ? "the operator of Rollcall" : domain.verifiedBy}{" "}
          <Moment at={domain.verifiedAt} />.
        </>
      )}
    </>
  );
}

function ProofRecord({ record }: { readonly record: NonNullable<Domain["record"]> }): ReactNode {
  return (
    <div className="stacked">
      <p>Add this record where the domain’s DNS is kept, then check:</p>
      <dl className="facts">
        <dt>Type</dt>
        <dd>TXT</dd>
        <dt>Name</dt>
        <dd>
          <CopyField text={record.name} what="name of the record" />
        </dd>
        <dt>Value</dt>
        <dd>
          <CopyField text={record.value} what="value of the record" />
        </dd>
      </dl>
    </div>
  );
}
