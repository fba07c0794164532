import { Button, Checkbox, Group } from "@mantine/core";
import { reactivateByOwner, reactivatedMax } from "@rollcall/domain";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ErrorNote } from "../../ui/error-note.tsx";
import { type Member, provisioningQuery } from "../../queries.ts";
import { showUndoable, undoBy } from "../roles/undo-toast.tsx";
import { reactivateMutation, undoReactivateMutation } from "./people-queries.ts";

type Person = Pick<Member, "id" | "name">;

type ReactivateButtonProps = { readonly people: readonly Person[]; readonly onDone?: () => void };

/** Gives inactive people back their access, with a way to undo it. */
export function ReactivateButton({ people, onDone }: ReactivateButtonProps): ReactNode {
  const reactivate = useMutation(reactivateMutation);
  const ids = people.map(({ id }) => id);
  const [who, verb] = people.length === 1 ? [people[0]?.name ?? "", "is"] : [peopleWords(people.length), "are"];
  // The button may be gone by then, as the people are not inactive any more.
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
        {people.length > 1 ? `Reactivate ${peopleWords(people.length)}` : "Reactivate"}
      </Button>
      {reactivate.isError && <ErrorNote error={reactivate.error} />}
    </>
  );
}

/** The mutation's own state shows why it was refused. */
function shownBelow(): void {}

type Reactivation = {
  /** Chooses all on the page, and reactivates who is chosen; null where there is nobody to choose. */
  readonly bar: ReactNode;
  /** Chooses one; null beside a person who is active or whom the directory manages. */
  readonly boxOf: (member: Member) => ReactNode;
};

/** Lets owners choose inactive people in a list, also on several of its pages, and reactivate them together. */
export function useReactivation(members: readonly Member[]): Reactivation {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Person>>(new Map());
  const isOn = useQuery(provisioningQuery).data?.isEnabled ?? true;
  const mayReturn = (member: Member): boolean => member.status === "inactive" && reactivateByOwner(member, isOn).ok;
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

function peopleWords(count: number): string {
  return `${count.toLocaleString("en")} people`;
}
