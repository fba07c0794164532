import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { exemptionsQuery, setExemptionMutation } from "../account/account-queries.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { type Exempt, ExemptList } from "../../ui/exempt-list.tsx";
import { moveFocusOn } from "../../ui/move-focus-on.ts";
import { QueryStatus } from "../../ui/query-status.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { orderOf } from "../../search.ts";
import { AddExemption } from "./add-exemption.tsx";
import { exemptionSorting, readProvisioningSearch } from "./provisioning-search.ts";

/** The server's upper bound. */
const listedMax = 1000;

/** Members exempt from the account locks. */
export function ExemptionsCard(): ReactNode {
  const exemptions = useQuery(exemptionsQuery);
  const set = useMutation(setExemptionMutation);
  const search = useSearch({ from: "/shell/owner/settings/provisioning" });
  const navigate = useNavigate();
  const { exempt = {} } = search;
  const { page: _page, ...kept } = exempt;
  const show = (input: Readonly<Record<string, unknown>>, isTyped: boolean): void =>
    void navigate({
      to: "/settings/provisioning",
      search: readProvisioningSearch({ ...search, exempt: { ...kept, ...input } }),
      replace: isTyped,
      resetScroll: false,
    });
  const end = ({ memberId, name }: Exempt): void =>
    set.mutate(
      { memberId, isExempt: false },
      { onSuccess: () => showSuccess(`Account locks apply to ${name} again.`) },
    );
  // The row disappears immediately, and returns if the request fails.
  const shown = exemptions.data?.filter(({ memberId }) => !(set.isPending && set.variables.memberId === memberId));
  return (
    <Card
      title="Exempt from the locks"
      lead="While provisioning is on, members cannot leave or change their email address or password here. These people can, for example a break-glass owner."
    >
      <div className="stacked">
        <QueryStatus query={exemptions} count={1} onlyFirst />
        {shown?.length === 0 && <p className="quiet">No one: the locks apply to everyone, owners included.</p>}
        {shown !== undefined && shown.length > 0 && (
          <ExemptList
            caption="Exempt from the locks"
            people={shown}
            listedMax={listedMax}
            input={exempt}
            order={orderOf(exempt, exemptionSorting)}
            onInput={show}
            action={(one) => endCell(one, end)}
          />
        )}
        <AddExemption />
        {set.isError && <ErrorNote error={set.error} />}
      </div>
    </Card>
  );
}

function endCell(one: Exempt, end: (one: Exempt) => void): ReactNode {
  return (
    <div className="row-actions">
      <Button
        variant="default"
        size="xs"
        aria-label={`End the exemption of ${one.name}`}
        onClick={(event) => {
          moveFocusOn(event.currentTarget);
          end(one);
        }}
      >
        End
      </Button>
    </div>
  );
}
