import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Pager } from "../../ui/pager.tsx";
import { pageRows } from "../../ui/row-order.ts";
import { showSuccess } from "../../ui/toast.ts";
import { endDecisionsMutation, type HeldChange } from "./provisioning-queries.ts";
import { changeLabel } from "./guard-messages.ts";

const pageSize = 10;

/** Approved changes not yet retried by the identity provider, and kept people; each decision can be ended. */
export function DecidedChanges({ changes }: { readonly changes: readonly HeldChange[] }): ReactNode {
  const [asked, setAsked] = useState(1);
  const end = useMutation(endDecisionsMutation);
  if (changes.length === 0) return null;
  const { page, rows } = pageRows(changes, asked, pageSize);
  const endOne = ({ id, decision }: HeldChange): void =>
    end.mutate(
      { ids: [id] },
      {
        onSuccess: () =>
          showSuccess(decision === "approved" ? "The removal is on hold again." : "The decision is ended."),
      },
    );
  const columns: readonly Column<HeldChange>[] = [
    { id: "person", header: "Person", cell: personCell },
    { id: "decision", header: "Decision", cell: decisionCell },
    { id: "decided", header: "Decided", cell: decidedCell },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      align: "end",
      cell: (change) => actionCell(change, end.isPending && end.variables.ids.includes(change.id), endOne),
    },
  ];
  return (
    <section className="stacked" aria-labelledby="guard-decisions">
      <div>
        <h3 id="guard-decisions">Decisions</h3>
        <p className="quiet small">
          Approved removals wait for the next try of your identity provider, for up to 14 days. Rejected removals are
          refused until you end the decision.
        </p>
      </div>
      {end.isError && <ErrorNote error={end.error} />}
      <DataTable caption="Decisions" columns={columns} rows={rows} keyOf={({ id }) => id} />
      {changes.length > pageSize && (
        <Pager what="decisions" page={page} pageSize={pageSize} total={changes.length} onPage={setAsked} />
      )}
    </section>
  );
}

const endLabel = ({ decision }: HeldChange): string => (decision === "approved" ? "Withdraw" : "End decision");

function actionCell(change: HeldChange, isEnding: boolean, onEnd: (change: HeldChange) => void): ReactNode {
  const label = endLabel(change);
  return (
    <Button
      variant="default"
      size="xs"
      loading={isEnding}
      aria-label={`${label}: ${change.name}`}
      onClick={() => onEnd(change)}
    >
      {label}
    </Button>
  );
}

function personCell(change: HeldChange): ReactNode {
  return (
    <>
      <Link to="/members/$memberId" params={{ memberId: change.memberId }} className="title">
        {change.name}
      </Link>
      <div className="quiet small">{changeLabel(change)}</div>
    </>
  );
}

function decisionCell({ decision, tries, lastTriedAt }: HeldChange): ReactNode {
  return (
    <>
      {decision === "approved" ? <Badge tone="warn">Approved</Badge> : <Badge tone="good">Rejected</Badge>}
      <div className="quiet small">
        tried {tries === 1 ? "once" : `${tries.toLocaleString("en")} times, last`} <Moment at={lastTriedAt} />
      </div>
    </>
  );
}

function decidedCell({ decidedAt, decidedBy }: HeldChange): ReactNode {
  return (
    <>
      {decidedAt !== null && <Moment at={decidedAt} />}
      <div className="quiet small">by {decidedBy}</div>
    </>
  );
}
