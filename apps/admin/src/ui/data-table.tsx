import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import type { Order } from "../search.ts";
import { SortChoice, type SortKind, startsDesc } from "./sort-choice.tsx";
import { SortHeader } from "./sort-header.tsx";
import "./data-table.css";

/** `Key`: the columns to sort by; without any the server's order is kept. */
export type Column<Row, Key extends string = never> = {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: "end";
  /** The width in percent of the table; by default as wide as the content. */
  readonly share?: number;
  /** The header is for screen readers only, for a column of buttons. */
  readonly isHeaderHidden?: boolean;
  /** The key in the address and the API that the header sorts by. */
  readonly sort?: { readonly key: Key; readonly kind: SortKind };
};

type Sorting<Key extends string> = { readonly order: Order<Key>; readonly onOrder: (order: Order<Key>) => void };

type DataTableProps<Row, Key extends string> = {
  readonly caption: string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row, Key>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The rows are of the previous query. */
  readonly isStale?: boolean;
  /** If rows are cards, the values are side by side without the columns' names. */
  readonly isDense?: boolean;
  /** The current order, which the rows have, and the handler for another one. */
  readonly sorting?: Sorting<Key>;
};

// If rows are cards, `display: block` removes the table semantics in some browsers; these roles keep them.
const roles = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  cell: { role: "cell" },
  rowHeader: { role: "rowheader" },
  columnHeader: { role: "columnheader" },
} as const;

/** A table; on narrow screens each row is a card with its values under the columns' names. */
export function DataTable<Row, Key extends string = never>({
  caption,
  columns,
  rows,
  keyOf,
  isStale,
  isDense = false,
  sorting,
}: DataTableProps<Row, Key>): ReactNode {
  const options = columns.flatMap(({ header, sort }) => (sort === undefined ? [] : [{ header, ...sort }]));
  return (
    <div className="data-table" aria-busy={isStale} data-dense={isDense ? "" : undefined}>
      {sorting !== undefined && (
        <div className="sort-choice">
          <SortChoice caption={caption} options={options} {...sorting} />
        </div>
      )}
      <table {...roles.table}>
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <thead {...roles.group}>
          <tr {...roles.row}>
            {columns.map((column) => (
              <Header key={column.id} column={column} sorting={sorting} />
            ))}
          </tr>
        </thead>
        <tbody {...roles.group}>
          {rows.map((row) => (
            <tr key={keyOf(row)} {...roles.row}>
              {columns.map((column, position) => (
                <Cell key={column.id} column={column} row={row} isFirst={position === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type HeaderProps<Row, Key extends string> = {
  readonly column: Column<Row, Key>;
  readonly sorting: Sorting<Key> | undefined;
};

function Header<Row, Key extends string>({ column, sorting }: HeaderProps<Row, Key>): ReactNode {
  const { header, align, share, isHeaderHidden, sort } = column;
  const isSortable = sort !== undefined && sorting !== undefined;
  const desc = isSortable && sorting.order.sort === sort.key ? sorting.order.desc : undefined;
  return (
    <th
      scope="col"
      data-align={align}
      aria-sort={ariaSort(isSortable, desc)}
      style={share === undefined ? undefined : { width: `${share}%` }}
      {...roles.columnHeader}
    >
      {isSortable ? (
        <SortHeader
          header={header}
          desc={desc}
          onSort={() => sorting.onOrder({ sort: sort.key, desc: desc === undefined ? startsDesc(sort.kind) : !desc })}
        />
      ) : (
        <>{isHeaderHidden === true ? <VisuallyHidden>{header}</VisuallyHidden> : header}</>
      )}
    </th>
  );
}

function ariaSort(isSortable: boolean, desc: boolean | undefined): "none" | "ascending" | "descending" | undefined {
  if (!isSortable) return undefined;
  if (desc === undefined) return "none";
  return desc ? "descending" : "ascending";
}

type CellProps<Row, Key extends string> = {
  readonly column: Column<Row, Key>;
  readonly row: Row;
  readonly isFirst: boolean;
};

function Cell<Row, Key extends string>({ column, row, isFirst }: CellProps<Row, Key>): ReactNode {
  const { align, header, isHeaderHidden, cell } = column;
  if (isFirst) {
    return (
      <th scope="row" data-align={align} {...roles.rowHeader}>
        {cell(row)}
      </th>
    );
  }
  return (
    <td data-align={align} data-label={isHeaderHidden === true ? undefined : header} {...roles.cell}>
      {cell(row)}
    </td>
  );
}
