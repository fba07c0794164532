import { Button, Checkbox, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Pager } from "../../ui/pager.tsx";
import { pageRows } from "../../ui/row-order.ts";
import { showSuccess } from "../../ui/toast.ts";
import { DeactivateDialog } from "./deactivate-dialog.tsx";
import { decideHeldMutation, type HeldChange } from "./provisioning-queries.ts";
import { AllowAll } from "./guard-state.tsx";
import { changeLabel, namesIn, peopleIn, formatRemovals } from "./guard-messages.ts";

const pageSize = 10;

/** The changes on hold. A decision applies to the selected ones, or to all if none is selected. */
export function HeldChanges({ changes }: { readonly changes: readonly HeldChange[] }): ReactNode {
  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState(1);
  const [now, setNow] = useState<HeldChange>();
  if (changes.length === 0) return null;
  const { page, rows } = pageRows(changes, asked, pageSize);
  const chosen = changes.filter(({ id }) => chosenIds.has(id));
  const toggle = (id: string): void => {
    const next = new Set(chosenIds);
    if (!next.delete(id)) next.add(id);
    setChosenIds(next);
  };
  const columns: readonly Column<HeldChange>[] = [
    {
      id: "person",
      header: "Person",
      cell: (change) => personCell(change, chosenIds.has(change.id), toggle),
    },
    { id: "change", header: "Requested", cell: requestedCell },
    { id: "tried", header: "Tried", cell: triedCell },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      align: "end",
      cell: (change) => change.kind !== "member.role_revoked" && actionCell(change, setNow),
    },
  ];
  return (
    <div>
      <Decide
        changes={chosen.length === 0 ? changes : chosen}
        held={changes.length}
        onDone={() => setChosenIds(new Set())}
      />
      <DataTable caption="Removals on hold" columns={columns} rows={rows} keyOf={({ id }) => id} />
      {changes.length > pageSize && (
        <Pager what="removals" page={page} pageSize={pageSize} total={changes.length} onPage={setAsked} />
      )}
      <DeactivateDialog change={now} onClose={() => setNow(undefined)} />
    </div>
  );
}

const actionLabel = ({ kind }: HeldChange): string => (kind === "member.deleted" ? "Remove" : "Deactivate");

function actionCell(change: HeldChange, onAct: (change: HeldChange) => void): ReactNode {
  const label = `${actionLabel(change)} now`;
  return (
    <Button variant="default" size="xs" aria-label={`${label}: ${change.name}`} onClick={() => onAct(change)}>
      {label}…
    </Button>
  );
}

function personCell(change: HeldChange, isChosen: boolean, onToggle: (id: string) => void): ReactNode {
  const { id, memberId, name, userName } = change;
  return (
    <div className="choosable">
      <Checkbox
        aria-label={`Select ${name}: ${changeLabel(change)}`}
        checked={isChosen}
        onChange={() => onToggle(id)}
      />
      <div>
        <Link to="/members/$memberId" params={{ memberId }} className="title">
          {name}
        </Link>
        <div className="quiet small">{userName}</div>
      </div>
    </div>
  );
}

function requestedCell(change: HeldChange): ReactNode {
  return (
    <>
      {changeLabel(change)}
      <div className="entry-links small">
        <Link to="/requests" search={{ memberId: change.memberId }} aria-label={`Requests about ${change.name}`}>
          Requests
        </Link>
      </div>
    </>
  );
}

function triedCell({ firstTriedAt, lastTriedAt, tries }: HeldChange): ReactNode {
  if (tries === 1) return <Moment at={firstTriedAt} />;
  return (
    <>
      {tries.toLocaleString("en")} times, last <Moment at={lastTriedAt} />
      <div className="quiet small">
        first <Moment at={firstTriedAt} />
      </div>
    </>
  );
}

type DecideProps = { readonly changes: readonly HeldChange[]; readonly held: number; readonly onDone: () => void };

function Decide({ changes, held, onDone }: DecideProps): ReactNode {
  const decide = useMutation(decideHeldMutation);
  const [asking, setAsking] = useState<"approved" | "rejected">();
  const ids = changes.map(({ id }) => id);
  const what =
    held === changes.length && held > 1 ? `all ${held.toLocaleString("en")}` : changes.length.toLocaleString("en");
  const close = (): void => {
    setAsking(undefined);
    decide.reset();
  };
  const run = (decision: "approved" | "rejected"): void =>
    decide.mutate(
      { decision, ids },
      {
        onSuccess: ({ count }) => {
          close();
          onDone();
          showSuccess(`${formatRemovals(count)} ${decision}.`);
        },
      },
    );
  return (
    <>
      <Group gap="sm" mb="md">
        <Button variant="default" onClick={() => setAsking("approved")}>
          Approve {what}…
        </Button>
        <Button variant="default" onClick={() => setAsking("rejected")}>
          Reject {what} and keep people…
        </Button>
        <AllowAll held={held} />
      </Group>
      <ConfirmDialog
        opened={asking === "approved"}
        title={`Approve ${formatRemovals(changes.length)}?`}
        submit={`Approve ${formatRemovals(changes.length)}`}
        isDangerous
        mutation={decide}
        onConfirm={() => run("approved")}
        onClose={close}
      >
        <p>
          <strong>{peopleIn(changes)}</strong> ({namesIn(changes)}) will lose access or a role when your identity
          provider retries, usually within 15 minutes, but up to several days later. Removals that are not in this list
          stay on hold.
        </p>
        <p className="quiet small">You can withdraw the approval until the removal has happened.</p>
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === "rejected"}
        title={`Reject ${formatRemovals(changes.length)}?`}
        submit={`Reject ${formatRemovals(changes.length)}`}
        mutation={decide}
        onConfirm={() => run("rejected")}
        onClose={close}
      >
        <p>
          Nothing changes for <strong>{peopleIn(changes)}</strong> ({namesIn(changes)}). Your identity provider gets an
          error at its next try, and so does any later try until you end the decision. You get an email when it tries
          again.
        </p>
      </ConfirmDialog>
    </>
  );
}
