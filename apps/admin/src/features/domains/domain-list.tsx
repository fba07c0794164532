import { NativeSelect } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { BoundNote } from "../../ui/bound-note.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { Pager } from "../../ui/pager.tsx";
import { holdsTerm, orderRows, pageRows, type SortValues } from "../../ui/row-order.ts";
import { SearchBox } from "../../ui/search-box.tsx";
import { SortChoice } from "../../ui/sort-choice.tsx";
import { orderOf } from "../../search.ts";
import { DomainCard } from "./domain-card.tsx";
import type { Domain } from "./domain-queries.ts";
import { domainSorting, type DomainSort, readDomainsSearch } from "./domains-search.ts";

/** The server's upper bound of the list, and the length from which the search is shown. */
const [listedMax, pageSize, fewMax] = [200, 10, 3];

const values: SortValues<Domain, DomainSort> = {
  domain: ({ domain }) => domain,
  members: ({ memberCount }) => memberCount,
  checked: ({ checkedAt }) => checkedAt,
};
const options = [
  { key: "domain", header: "Domain", kind: "text" },
  { key: "members", header: "Members", kind: "count" },
  { key: "checked", header: "Last check", kind: "time" },
] as const;
const states = [
  { value: "", label: "Any" },
  { value: "verified", label: "Verified" },
  { value: "pending", label: "Not verified yet" },
  { value: "failing", label: "Record missing" },
] as const;

/** The list of domains, with a search if it is long. */
export function DomainList({ domains }: { readonly domains: readonly Domain[] }): ReactNode {
  const { page: asked = 1, ...input } = useSearch({ from: "/shell/owner/settings/domains" });
  const navigate = useNavigate();
  const go = (next: Readonly<Record<string, unknown>>, replace = false): void =>
    void navigate({ to: "/settings/domains", search: readDomainsSearch({ ...input, ...next }), replace });
  const { search, state } = input;
  const order = orderOf(input, domainSorting);
  const isFound = (one: Domain): boolean =>
    holdsTerm(search, [one.domain]) && (state === undefined || state === one.state);
  const found = orderRows(domains.filter(isFound), order, values);
  const { page, rows } = pageRows(found, asked, pageSize);
  const isNarrowed = search !== undefined || state !== undefined;
  return (
    <>
      {(domains.length > fewMax || isNarrowed) && (
        <search className="toolbar" aria-label="Domains">
          <SearchBox
            label="Search"
            placeholder="Domain"
            value={search}
            onSearch={(term) => go({ search: term }, true)}
          />
          <NativeSelect
            label="State"
            data={[...states]}
            value={state ?? ""}
            onChange={({ currentTarget: { value } }) => go({ state: value }, true)}
          />
          <SortChoice caption="Domains" options={options} order={order} onOrder={(next) => go(next)} />
        </search>
      )}
      {found.length === 0 && (
        <div className="card">
          <EmptyNote title="No domain matches">Try fewer or other words, or take the filter away.</EmptyNote>
        </div>
      )}
      <div className="cards">
        {rows.map((domain) => (
          <DomainCard key={domain.domain} domain={domain} />
        ))}
      </div>
      {found.length > pageSize && (
        <Pager
          what="domains"
          page={page}
          pageSize={pageSize}
          total={found.length}
          onPage={(next) => go({ page: next })}
        />
      )}
      <BoundNote count={domains.length} max={listedMax} what="domains" />
    </>
  );
}
