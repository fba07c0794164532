import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Card } from "../../ui/card.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { type Exempt, ExemptList } from "../../ui/exempt-list.tsx";
import { moveFocusOn } from "../../ui/move-focus-on.ts";
import { showSuccess } from "../../ui/toast.ts";
import { orderOf } from "../../search.ts";
import { ExemptDialog } from "./exempt-dialog.tsx";
import { removeExemptionMutation, type SsoExemption } from "./sso-queries.ts";
import { exemptionSorting } from "../provisioning/provisioning-search.ts";
import { readSsoSearch } from "./sso-search.ts";

/** The server's upper bound. */
const listedMax = 500;

/** Members who may use a password although single sign-on is required. */
export function ExemptionsCard({ exemptions }: { readonly exemptions: readonly SsoExemption[] }): ReactNode {
  const [isAdding, setIsAdding] = useState(false);
  const remove = useMutation(removeExemptionMutation);
  const end = ({ memberId, name }: Exempt): void =>
    remove.mutate({ memberId }, { onSuccess: () => showSuccess(`${name} needs single sign-on.`) });
  // The row disappears immediately, and returns if the request fails.
  const shown = exemptions.filter(({ memberId }) => !(remove.isPending && remove.variables.memberId === memberId));
  const { page, ...search } = useSearch({ from: "/shell/owner/settings/sso" });
  const navigate = useNavigate();
  const show = (input: Readonly<Record<string, unknown>>, isTyped: boolean): void =>
    void navigate({
      to: "/settings/sso",
      search: readSsoSearch({ ...search, ...input }),
      replace: isTyped,
      resetScroll: false,
    });
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
        <EmptyNote title="No one is listed">Only owners may use a password while single sign-on is required.</EmptyNote>
      ) : (
        <ExemptList
          caption="People who may use a password"
          people={shown}
          listedMax={listedMax}
          input={{ ...search, ...(page === undefined ? {} : { page }) }}
          order={orderOf(search, exemptionSorting)}
          onInput={show}
          action={(one) => removeCell(one, end)}
        />
      )}
      <ExemptDialog opened={isAdding} onClose={() => setIsAdding(false)} listed={exemptions} />
    </Card>
  );
}

function removeCell(one: Exempt, end: (one: Exempt) => void): ReactNode {
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
