import { Button, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { exemptionsQuery, setExemptionMutation } from "../account/account-queries.ts";
import { Card } from "../components/card.tsx";
import { ErrorNote } from "../components/error-note.tsx";
import { Moment } from "../components/moment.tsx";
import { moveFocusOn } from "../components/move-focus-on.ts";
import { SkeletonLines } from "../components/skeleton-lines.tsx";
import { say } from "../components/toast.ts";
import { membersQuery } from "../queries.ts";

/** The people whom the locks leave alone although provisioning is on. */
export function ExemptionsCard(): ReactNode {
  const exemptions = useQuery(exemptionsQuery);
  const set = useMutation(setExemptionMutation);
  // Who is taken off the list is gone from it at once, and back where the server says no.
  const shown = exemptions.data?.filter(({ memberId }) => !(set.isPending && set.variables.memberId === memberId));
  return (
    <Card
      title="Exempt from the locks"
      lead="While provisioning is on, members cannot leave or change their e-mail address or password here. These people can, for example a break-glass owner."
    >
      <div className="stacked">
        {exemptions.isPending && <SkeletonLines count={1} />}
        {exemptions.isError && exemptions.data === undefined && (
          <ErrorNote error={exemptions.error} onRetry={() => void exemptions.refetch()} />
        )}
        {shown?.length === 0 && <p className="quiet">Nobody: the locks hold for everybody, owners included.</p>}
        {shown !== undefined && shown.length > 0 && (
          <ul className="rows plain" aria-label="Exempt from the locks">
            {shown.map(({ memberId, name, userName, createdBy, createdAt }) => (
              <li key={memberId}>
                <div>
                  <p>{name}</p>
                  <p className="small quiet">
                    {userName}, by {createdBy} <Moment at={createdAt} />
                  </p>
                </div>
                <Button
                  variant="default"
                  size="xs"
                  aria-label={`End the exemption of ${name}`}
                  onClick={(event) => {
                    moveFocusOn(event.currentTarget);
                    set.mutate(
                      { memberId, isExempt: false },
                      { onSuccess: () => say(`The locks hold for ${name} again.`) },
                    );
                  }}
                >
                  End
                </Button>
              </li>
            ))}
          </ul>
        )}
        <AddExemption />
        {set.isError && <ErrorNote error={set.error} />}
      </div>
    </Card>
  );
}

const searchDelayMs = 250;

function AddExemption(): ReactNode {
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed, searchDelayMs);
  const [isOpen, setOpen] = useState(false);
  // Asked for when somebody looks for a person, so that the members' screen does not begin with an old list.
  const found = useQuery({ ...membersQuery({ page: 1, ...(search === "" ? {} : { search }) }), enabled: isOpen });
  const add = useMutation(setExemptionMutation);
  const members = found.data?.members ?? [];
  const submit = (): void => {
    if (chosen === null) return;
    const onSuccess = (): void => {
      say("The locks leave this person alone.");
      setChosen(null);
      setTyped("");
    };
    add.mutate({ memberId: chosen, isExempt: true }, { onSuccess });
  };
  return (
    <>
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Select
          label="Member"
          placeholder="Search by name"
          searchable
          onDropdownOpen={() => setOpen(true)}
          onDropdownClose={() => setOpen(false)}
          data={members.map(({ id, name, userName }) => ({ value: id, label: `${name} (${userName})` }))}
          filter={({ options }) => options}
          value={chosen}
          onChange={setChosen}
          searchValue={typed}
          onSearchChange={setTyped}
          nothingFoundMessage="Nobody matches"
        />
        <Button type="submit" variant="default" loading={add.isPending} disabled={chosen === null}>
          Exempt
        </Button>
      </form>
      {add.isError && <ErrorNote error={add.error} />}
    </>
  );
}
