import { Button, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { setExemptionMutation } from "../account/account-queries.ts";
import { ErrorNote } from "../../ui/error-note.tsx";
import { showSuccess } from "../../ui/toast.ts";
import { MoreMatchesNote } from "../people/more-matches-note.tsx";
import { membersQuery } from "../../queries.ts";

const searchDelayMs = 250;

/** Finds a member and exempts them from the account locks. */
export function AddExemption(): ReactNode {
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed, searchDelayMs);
  const [isOpen, setOpen] = useState(false);
  // Enabled by a search only, so that the members' screen does not start with a stale list.
  const found = useQuery({ ...membersQuery({ page: 1, ...(search === "" ? {} : { search }) }), enabled: isOpen });
  const add = useMutation(setExemptionMutation);
  const members = found.data?.members ?? [];
  const submit = (): void => {
    if (chosen === null) return;
    const onSuccess = (): void => {
      showSuccess("This person is exempt from account locks.");
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
          nothingFoundMessage="No one matches"
        />
        <Button type="submit" variant="default" loading={add.isPending} disabled={chosen === null}>
          Exempt
        </Button>
      </form>
      {isOpen && <MoreMatchesNote found={found.data} />}
      {add.isError && <ErrorNote error={add.error} />}
    </>
  );
}
