import type { Order } from "../search.ts";

/** The sort value of a row; rows with null come last in both directions. */
export type SortValues<Row, Key extends string> = Readonly<Record<Key, (row: Row) => string | number | null>>;

const collator = new Intl.Collator("en", { numeric: true });

/** Sorts a complete list; equal rows keep the server's order. */
export function orderRows<Row, Key extends string>(
  rows: readonly Row[],
  { sort, desc }: Order<Key>,
  values: SortValues<Row, Key>,
): readonly Row[] {
  const valueOf = values[sort];
  return rows.toSorted((left, right) => {
    const [one, other] = [valueOf(left), valueOf(right)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return compare(one, other) * (desc ? -1 : 1);
  });
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return collator.compare(String(one), String(other));
}

/** A page past the end is the last page, as rows may have been deleted since. */
export function pageRows<Row>(
  rows: readonly Row[],
  page: number,
  pageSize: number,
): { readonly page: number; readonly rows: readonly Row[] } {
  const shown = Math.max(1, Math.min(page, Math.ceil(rows.length / pageSize)));
  return { page: shown, rows: rows.slice((shown - 1) * pageSize, shown * pageSize) };
}

/** Does one of the texts contain the term, ignoring case? True without a term. */
export function holdsTerm(term: string | undefined, texts: readonly string[]): boolean {
  if (term === undefined) return true;
  return texts.some((text) => fold(text).includes(fold(term)));
}

const fold = (text: string): string => text.normalize("NFC").toLowerCase();
