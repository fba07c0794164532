import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { Pager } from "../../ui/pager.tsx";
import { holdsTerm, orderRows, pageRows, type SortValues } from "../../ui/row-order.ts";
import { pageSize } from "../../queries.ts";
import type { Order } from "../../search.ts";
import type { Finding, FindingKind } from "./compare-upload.ts";
import { type FindingSort, FindingTable } from "./finding-table.tsx";

type FindingListProps = { readonly title: string; readonly kind: FindingKind; readonly findings: readonly Finding[] };

/** Differences of one kind, searched, sorted and paged in the browser, as the server does not store the file. */
export function FindingList({ title, kind, findings }: FindingListProps): ReactNode {
  const [term, setTerm] = useState("");
  const [order, setOrder] = useState<Order<FindingSort>>({ sort: "name", desc: false });
  const [page, setPage] = useState(1);
  const sought = term.trim() === "" ? undefined : term.trim();
  const matching = findings.filter(({ userName, member }) => holdsTerm(sought, [userName, member?.name ?? ""]));
  const shown = pageRows(orderRows(matching, order, values), page, pageSize);
  return (
    <>
      <search className="toolbar">
        <TextInput
          className="toolbar-wide"
          label="Search the differences"
          placeholder="Name or user name"
          type="search"
          maxLength={200}
          value={term}
          leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
          onChange={(event) => {
            setTerm(event.currentTarget.value);
            setPage(1);
          }}
        />
      </search>
      {matching.length === 0 ? (
        <EmptyNote title="No one matches" />
      ) : (
        <>
          <FindingTable
            title={title}
            kind={kind}
            findings={shown.rows}
            sorting={{
              order,
              onOrder: (next) => {
                setOrder(next);
                setPage(1);
              },
            }}
          />
          <Pager what="differences" page={shown.page} pageSize={pageSize} total={matching.length} onPage={setPage} />
        </>
      )}
    </>
  );
}

const values: SortValues<Finding, FindingSort> = {
  name: ({ member, userName }) => member?.name ?? userName,
  status: ({ status }) => status,
  managed: ({ member }) => (member === null ? null : member.isManaged ? "Directory" : "Owners"),
};
