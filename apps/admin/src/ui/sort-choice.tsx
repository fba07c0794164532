import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import type { Order } from "../search.ts";

/** The kind of a column's values, for the labels of its two directions. */
export type SortKind = "text" | "time" | "count";

/** Ascending, descending. */
const sortLabels = {
  text: ["A to Z", "Z to A"],
  time: ["oldest first", "newest first"],
  count: ["fewest first", "most first"],
} as const satisfies Record<SortKind, readonly [string, string]>;

/** The first direction of a newly sorted column: times and counts start descending. */
export const startsDesc = (kind: SortKind): boolean => kind !== "text";

type SortOption<Key extends string> = { readonly key: Key; readonly header: string; readonly kind: SortKind };

type SortChoiceProps<Key extends string> = {
  /** The table's name, as a page may have several. */
  readonly caption: string;
  readonly options: readonly SortOption<Key>[];
  readonly order: Order<Key>;
  readonly onOrder: (order: Order<Key>) => void;
};

/** Sorts lists without headers: rows and cards. */
export function SortChoice<Key extends string>(props: SortChoiceProps<Key>): ReactNode {
  const { caption, options, order, onOrder } = props;
  const choices = options.flatMap(({ key, header, kind }) =>
    [false, true].map((desc) => ({
      order: { sort: key, desc },
      value: `${key} ${desc ? "desc" : "asc"}`,
      label: `${header}, ${sortLabels[kind][desc ? 1 : 0]}`,
    })),
  );
  const chosen = choices.find((choice) => choice.order.sort === order.sort && choice.order.desc === order.desc);
  return (
    <NativeSelect
      label="Sort by"
      aria-label={`Sort by: ${caption}`}
      data={choices.map(({ value, label }) => ({ value, label }))}
      value={chosen?.value ?? ""}
      onChange={({ currentTarget }) => {
        const wanted = choices.find(({ value }) => value === currentTarget.value);
        if (wanted !== undefined) onOrder(wanted.order);
      }}
    />
  );
}
