import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { isMissing } from "../../api-error.ts";
import { memberQuery } from "../people/people-queries.ts";
import { peopleQuery } from "./request-queries.ts";

type PersonFilterProps = {
  readonly memberId: string | undefined;
  /** "Person" by default. */
  readonly label?: string;
  readonly onPerson: (memberId: string | undefined) => void;
};

const typingMs = 200;

/** Picks one person by user name, with suggestions. */
export function PersonFilter({ memberId, label = "Person", onPerson }: PersonFilterProps): ReactNode {
  const person = useQuery({ ...memberQuery(memberId ?? ""), enabled: memberId !== undefined });
  const gone = isMissing(person.error) ? "A deleted person" : "";
  const known = memberId === undefined ? "" : (person.data?.member.userName ?? gone);
  return <PersonInput key={known} known={known} label={label} onPerson={onPerson} />;
}

type PersonInputProps = {
  readonly known: string;
  readonly label: string;
  readonly onPerson: PersonFilterProps["onPerson"];
};

function PersonInput({ known, label, onPerson }: PersonInputProps): ReactNode {
  const listId = useId();
  const [text, setText] = useState(known);
  const [sought] = useDebouncedValue(text, typingMs);
  const found = useQuery(peopleQuery(sought === known ? "" : sought));
  const people = found.data?.members ?? [];
  const choose = (value: string): void => {
    setText(value);
    const chosen = people.find(({ userName }) => userName.toLowerCase() === value.trim().toLowerCase());
    if (chosen !== undefined) onPerson(chosen.id);
    else if (value === "" && known !== "") onPerson(undefined);
  };
  return (
    <>
      <TextInput
        label={label}
        placeholder="Name"
        type="search"
        list={listId}
        maxLength={200}
        value={text}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <datalist id={listId}>
        {people.map(({ id, userName, name }) => (
          <option key={id} value={userName}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}
