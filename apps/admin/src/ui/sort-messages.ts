/** The kind of a column's values, for the labels of its two directions. */
export type SortKind = "text" | "time" | "count";

/** Ascending, descending. */
export const sortWords = {
  text: ["A to Z", "Z to A"],
  time: ["oldest first", "newest first"],
  count: ["fewest first", "most first"],
} as const satisfies Record<SortKind, readonly [string, string]>;

/** The first direction of a newly sorted column: times and counts start descending. */
export const startsDesc = (kind: SortKind): boolean => kind !== "text";
