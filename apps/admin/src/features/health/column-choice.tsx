import { Button, NativeSelect } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";

type ColumnChoiceProps = {
  readonly columns: readonly string[];
  readonly description: string;
  /** The selected column; left out if none is. */
  readonly chosen?: string;
  readonly onChoose: (column: string) => void;
};

/** Selects the column with the user names. */
export function ColumnChoice({ columns, description, chosen, onChoose }: ColumnChoiceProps): ReactNode {
  const [column, setColumn] = useState(chosen ?? columns[0] ?? "");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onChoose(column);
  };
  return (
    <form className="inline-form" onSubmit={submit}>
      <NativeSelect
        label="Column of the user name"
        description={description}
        inputWrapperOrder={["label", "input", "description"]}
        data={[...columns]}
        value={column}
        onChange={(event) => setColumn(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        Compare by it
      </Button>
    </form>
  );
}
