import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";

type IdChoiceProps = {
  readonly label: string;
  /** The label of the choice without a filter. */
  readonly any: string;
  /** The label of an unknown id. */
  readonly unknown: string;
  /** Undefined while loading. */
  readonly options: readonly { readonly id: string; readonly name: string }[] | undefined;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
};

/** Filters by one of several named objects. An unknown id is shown, as it filters too. */
export function IdChoice({ label, any, unknown, options, chosen, onChoose }: IdChoiceProps): ReactNode {
  const isUnknown = chosen !== undefined && options !== undefined && !options.some(({ id }) => id === chosen);
  return (
    <NativeSelect
      label={label}
      data={[
        { value: "", label: any },
        ...(options ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ...(isUnknown ? [{ value: chosen, label: unknown }] : []),
      ]}
      value={chosen ?? ""}
      onChange={({ currentTarget: { value } }) => onChoose(value === "" ? undefined : value)}
    />
  );
}
