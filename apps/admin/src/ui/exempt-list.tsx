import type { ReactNode } from "react";
import type { Order } from "../search.ts";
import { BoundNote } from "./bound-note.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { EmptyNote } from "./empty-note.tsx";
import { Moment } from "./moment.tsx";
import { Pager } from "./pager.tsx";
import { holdsTerm, orderRows, pageRows, type SortValues } from "./row-order.ts";
import { SearchBox } from "./search-box.tsx";

/** A member exempted by an owner. */
export type Exempt = {
  readonly memberId: string;
  readonly name: string;
  readonly userName: string;
  readonly createdBy: string;
  readonly createdAt: string;
};
type ExemptSort = "name" | "added";
type Input = { readonly search?: string; readonly page?: number };

type ExemptListProps = {
  readonly caption: string;
  readonly people: readonly Exempt[];
  /** The server's upper bound. */
  readonly listedMax: number;
  readonly input: Input;
  readonly order: Order<ExemptSort>;
  /** Undefined clears the search. Parts left out stay; a new search or order starts at page 1. */
  readonly onInput: (input: Readonly<Record<string, unknown>>, isTyped: boolean) => void;
  readonly action: (one: Exempt) => ReactNode;
};

const pageSize = 10;
const values: SortValues<Exempt, ExemptSort> = { name: ({ name }) => name, added: ({ createdAt }) => createdAt };

/** The whole list of exempt members: sorted, and if long, searched and paged. */
export function ExemptList(props: ExemptListProps): ReactNode {
  const { caption, people, listedMax, input, order, onInput, action } = props;
  const found = orderRows(
    people.filter(({ name, userName }) => holdsTerm(input.search, [name, userName])),
    order,
    values,
  );
  const { page, rows } = pageRows(found, input.page ?? 1, pageSize);
  const columns: readonly Column<Exempt, ExemptSort>[] = [
    { id: "name", header: "Name", cell: nameCell, sort: { key: "name", kind: "text" } },
    { id: "since", header: "Added", cell: addedCell, sort: { key: "added", kind: "time" } },
    { id: "actions", header: "Actions", isHeaderHidden: true, align: "end", cell: action },
  ];
  return (
    <div>
      {(people.length > pageSize || input.search !== undefined) && (
        <search className="toolbar" aria-label={caption}>
          <SearchBox
            label="Search"
            placeholder="Name or email"
            value={input.search}
            onSearch={(search) => onInput({ search }, true)}
          />
        </search>
      )}
      {found.length === 0 && <EmptyNote title="No one matches">Try fewer or other words.</EmptyNote>}
      {found.length > 0 && (
        <DataTable
          caption={caption}
          columns={columns}
          rows={rows}
          keyOf={({ memberId }) => memberId}
          sorting={{ order, onOrder: (next) => onInput(next, false) }}
        />
      )}
      {found.length > pageSize && (
        <Pager
          what={caption}
          page={page}
          pageSize={pageSize}
          total={found.length}
          onPage={(next) => onInput({ page: next }, false)}
        />
      )}
      <BoundNote count={people.length} max={listedMax} what="people" />
    </div>
  );
}

function nameCell({ name, userName }: Exempt): ReactNode {
  return (
    <>
      <span className="title">{name}</span>
      <br />
      <span className="quiet">{userName}</span>
    </>
  );
}

function addedCell({ createdAt, createdBy }: Exempt): ReactNode {
  return (
    <div>
      <Moment at={createdAt} asDay />
      <div className="quiet">by {createdBy}</div>
    </div>
  );
}
