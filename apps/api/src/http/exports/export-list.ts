import type { Database } from "@rollcall/db";
import type { z } from "zod";

/** One row as JSON has it; in CSV each value is one cell. */
export type ExportRow = Readonly<Record<string, unknown>>;
/** Whose list it is, and when. */
export type ExportPlace = { readonly database: Database; readonly organizationId: string; readonly now: Date };
type Search = Readonly<Record<string, unknown>>;
type Batch = { readonly rows: readonly ExportRow[]; readonly next: string | undefined };

/** A list that can be carried away: its columns in order, and its rows batch by batch. */
export type ExportList = {
  readonly columns: readonly string[];
  /** Reads the filters of the screen's own address. Undefined: they cannot be read. */
  open(search: Search): ((place: ExportPlace, cursor?: string) => Promise<Batch>) | undefined;
};

/** How many rows are read at a time, and the most that one file has; where there are more it breaks off. */
export const batchSize = 500;
export const rowsMax = 1_000_000;

/** The reader that `open` makes of filters that can be read. */
export function opened<Query, Opened>(
  shape: z.ZodType<Query>,
  search: Search,
  open: (query: Query) => Opened,
): Opened | undefined {
  const query = shape.safeParse(search);
  return query.success ? open(query.data) : undefined;
}
