import { Button, Checkbox, Group } from "@mantine/core";
import { formatPeople, checkReactivation, reactivatedMax } from "@rollcall/domain";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { type Member, provisioningQuery } from "../../queries.ts";
import { showUndoable, undoBy } from "../roles/undo-toast.tsx";
import { reactivateMutation, undoReactivateMutation } from "./people-queries.ts";

type Person = Pick<Member, "id" | "name">;

type ReactivateButtonProps = { readonly people: readonly Person[]; readonly onDone?: () => void };

/** Reactivates people, with an undo button. */
export function ReactivateButton({ people, onDone }: ReactivateButtonProps): ReactNode {
  const reactivate = useMutation(reactivateMutation);
  const ids = people.map(({ id }) => id);
  const [who, verb] = people.length === 1 ? [people[0]?.name ?? "", "is"] : [formatPeople(people.length), "are"];
  // The button may have disappeared by then.
  const sayDone = (): void => {
    const undo = (): void => undoBy(undoReactivateMutation, { ids }, `${who} ${verb} inactive again.`);
    showUndoable(`${who} ${verb} reactivated.`, undo);
    onDone?.();
  };
  return (
    <>
      <Button
        size="xs"
        loading={reactivate.isPending}
        onClick={() => void reactivate.mutateAsync({ ids }).then(sayDone, shownBelow)}
      >
        {people.length > 1 ? `Reactivate ${formatPeople(people.length)}` : "Reactivate"}
      </Button>
      {reactivate.isError && <ErrorNote error={reactivate.error} />}
    </>
  );
}

/** The mutation's state shows the error. */
function shownBelow(): void {}

type Reactivation = {
  /** Selects all on the page and reactivates the selected; nothing if no one can be selected. */
  readonly bar: ReactNode;
  /** Selects one; nothing for a person who is active or managed by the directory. */
  readonly boxOf: (member: Member) => ReactNode;
};

/** A selection of inactive people across the pages of a list, to reactivate them together. */
export function useReactivation(members: readonly Member[]): Reactivation {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Person>>(new Map());
  const isOn = useQuery(provisioningQuery).data?.isEnabled ?? true;
  const mayReturn = (member: Member): boolean => member.status === "inactive" && checkReactivation(member, isOn).ok;
  const there = members.filter(mayReturn);
  const isAll = there.every(({ id }) => chosen.has(id));
  const choose = (people: readonly Person[], isChosen: boolean): void => {
    const next = new Map(chosen);
    for (const person of people) {
      if (isChosen) next.set(person.id, person);
      else next.delete(person.id);
    }
    setChosen(next);
  };
  const bar = (there.length > 0 || chosen.size > 0) && (
    <Group gap="sm" mb="md">
      {there.length > 0 && (
        <Checkbox
          label={`Select the ${there.length} inactive on this page`}
          checked={isAll}
          indeterminate={!isAll && there.some(({ id }) => chosen.has(id))}
          onChange={() => choose(there, !isAll)}
        />
      )}
      {chosen.size > reactivatedMax && <span className="small">{`At most ${reactivatedMax} people at a time.`}</span>}
      {chosen.size > 0 && chosen.size <= reactivatedMax && (
        <ReactivateButton people={[...chosen.values()]} onDone={() => setChosen(new Map())} />
      )}
    </Group>
  );
  const boxOf = (member: Member): ReactNode =>
    mayReturn(member) && (
      <Checkbox
        aria-label={`Select ${member.name}`}
        checked={chosen.has(member.id)}
        onChange={(event) => choose([member], event.currentTarget.checked)}
      />
    );
  return { bar, boxOf };
}
