import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Card } from "../components/card.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { EmptyNote } from "../components/empty-note.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { Moment } from "../components/moment.tsx";
import { moveFocusOn } from "../components/move-focus-on.ts";
import { say } from "../components/toast.ts";
import { ExemptDialog } from "./exempt-dialog.tsx";
import { removeExemptionMutation, type SsoExemption } from "./sso-queries.ts";

/** Who may use a password although single sign-on is required. */
export function ExemptionsCard({ exemptions }: { readonly exemptions: readonly SsoExemption[] }): ReactNode {
  const [isAdding, setIsAdding] = useState(false);
  const remove = useMutation(removeExemptionMutation);
  const end = ({ memberId, name }: SsoExemption): void =>
    remove.mutate({ memberId }, { onSuccess: () => say(`${name} needs single sign-on.`) });
  // Who is taken off the list is gone from it at once, and back where the server says no.
  const shown = exemptions.filter(({ memberId }) => !(remove.isPending && remove.variables.memberId === memberId));
  const columns: readonly Column<SsoExemption>[] = [
    { id: "name", header: "Name", cell: nameCell },
    { id: "since", header: "Added", cell: addedCell },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      align: "end",
      cell: (one) => removeCell(one, end),
    },
  ];
  return (
    <Card
      title="People who may use a password"
      lead="For those who are not in the identity provider, such as guests. Owners need not be listed."
      aside={
        <Button variant="default" onClick={() => setIsAdding(true)}>
          Add a person…
        </Button>
      }
    >
      {remove.isError && <ErrorNote error={remove.error} />}
      {shown.length === 0 ? (
        <EmptyNote title="Nobody is listed">Only owners may use a password while single sign-on is required.</EmptyNote>
      ) : (
        <DataTable
          caption="People who may use a password"
          columns={columns}
          rows={shown}
          keyOf={({ memberId }) => memberId}
        />
      )}
      <ExemptDialog opened={isAdding} onClose={() => setIsAdding(false)} listed={exemptions} />
    </Card>
  );
}

function nameCell({ name, userName }: SsoExemption): ReactNode {
  return (
    <>
      <span className="title">{name}</span>
      <br />
      <span className="quiet">{userName}</span>
    </>
  );
}

function addedCell({ createdAt, createdBy }: SsoExemption): ReactNode {
  return (
    <div>
      <Moment at={createdAt} asDay />
      <div className="quiet">by {createdBy}</div>
    </div>
  );
}

function removeCell(one: SsoExemption, end: (one: SsoExemption) => void): ReactNode {
  return (
    <div className="row-actions">
      <Button
        variant="default"
        size="xs"
        aria-label={`Remove ${one.name}`}
        onClick={(event) => {
          moveFocusOn(event.currentTarget);
          end(one);
        }}
      >
        Remove
      </Button>
    </div>
  );
}
