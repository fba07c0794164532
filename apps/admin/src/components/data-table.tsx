import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import "./data-table.css";

export type Column<Row> = {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: "end";
  /** How much of the table's width it should have, in percent; left out, as much as it needs. */
  readonly share?: number;
  /** The header is for screen readers only: a column of buttons. */
  readonly isHeaderHidden?: boolean;
};

type DataTableProps<Row> = {
  readonly caption: string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The rows are those of a former question while the answer to the new one is on its way. */
  readonly isStale?: boolean;
  /** Where rows turn into cards, the values stand side by side without their columns' names: they speak for themselves. */
  readonly isDense?: boolean;
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
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  isStale,
  isDense = false,
}: DataTableProps<Row>): ReactNode {
  return (
    <div className="data-table" aria-busy={isStale} data-dense={isDense ? "" : undefined}>
      <table {...roles.table}>
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <thead {...roles.group}>
          <tr {...roles.row}>
            {columns.map(({ id, header, align, share, isHeaderHidden }) => (
              <th
                key={id}
                scope="col"
                data-align={align}
                style={share === undefined ? undefined : { width: `${share}%` }}
                {...roles.columnHeader}
              >
                {isHeaderHidden === true ? <VisuallyHidden>{header}</VisuallyHidden> : header}
              </th>
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

function Cell<Row>({ column, row, isFirst }: { column: Column<Row>; row: Row; isFirst: boolean }): ReactNode {
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
