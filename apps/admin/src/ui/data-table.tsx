import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import type { Order } from "../sort-search.ts";
import { SortChoice } from "./sort-choice.tsx";
import { SortHeader } from "./sort-header.tsx";
import { type SortKind, startsDesc } from "./sort-messages.ts";
import "./data-table.css";

/** `Key`: what the table can be sorted by; a table without any is as its server gives it. */
export type Column<Row, Key extends string = never> = {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: "end";
  /** How much of the table's width it should have, in percent; left out, as much as it needs. */
  readonly share?: number;
  /** The header is for screen readers only: a column of buttons. */
  readonly isHeaderHidden?: boolean;
  /** Its header sorts the table by this key, as the address and the API name it. */
  readonly sort?: { readonly key: Key; readonly kind: SortKind };
};

type Sorting<Key extends string> = { readonly order: Order<Key>; readonly onOrder: (order: Order<Key>) => void };

type DataTableProps<Row, Key extends string> = {
  readonly caption: string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row, Key>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The rows are of the previous query while the next one loads. */
  readonly isStale?: boolean;
  /** Where rows turn into cards, the values stand side by side without their columns' names: they speak for themselves. */
  readonly isDense?: boolean;
  /** How it is sorted now, and what to do when another order is asked for; the rows come in that order. */
  readonly sorting?: Sorting<Key>;
};

// Where rows turn into cards, display: block would take the table's meaning away in some browsers; these keep it.
const roles = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  cell: { role: "cell" },
  rowHeader: { role: "rowheader" },
  columnHeader: { role: "columnheader" },
} as const;

/** A table; where there is no room for one, a card a row with each value under its column's name. */
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
