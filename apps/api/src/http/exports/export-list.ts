import type { Database } from "@rollcall/db";
import type { z } from "zod";

/** One row as JSON; in CSV each value is one cell. */
export type ExportRow = Readonly<Record<string, unknown>>;
/** The organization of the list, and the time. */
export type ExportPlace = { readonly database: Database; readonly organizationId: string; readonly now: Date };
type Search = Readonly<Record<string, unknown>>;
type Batch = { readonly rows: readonly ExportRow[]; readonly next: string | undefined };

/** An exportable list: its columns in order, and its rows batch by batch. */
export type ExportList = {
  readonly columns: readonly string[];
  /** Parses the filters from the screen's query; undefined if they are invalid. */
  open(search: Search): ((place: ExportPlace, cursor?: string) => Promise<Batch>) | undefined;
};

/** The rows per batch, and the maximum per file; the list is cut off after that. */
export const batchSize = 500;
export const rowsMax = 1_000_000;

/** The reader that `open` creates for valid filters. */
export function opened<Query, Opened>(
  shape: z.ZodType<Query>,
  search: Search,
  open: (query: Query) => Opened,
): Opened | undefined {
  const query = shape.safeParse(search);
  return query.success ? open(query.data) : undefined;
}
