/** What a column's values are, so that its two directions can be told in words; times and counts start from the end. */
export type SortKind = "text" | "time" | "count";

/** Ascending, descending. */
export const sortWords = {
  text: ["A to Z", "Z to A"],
  time: ["oldest first", "newest first"],
  count: ["fewest first", "most first"],
} as const satisfies Record<SortKind, readonly [string, string]>;

/** How a column is sorted that is asked for the first time. */
export const startsDesc = (kind: SortKind): boolean => kind !== "text";
