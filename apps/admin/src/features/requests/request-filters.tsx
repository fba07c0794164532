import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { TimeRange } from "../../ui/time-range.tsx";
import { IdChoice } from "../../ui/id-choice.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { tokensQuery } from "../../queries.ts";
import { GroupChoice } from "./group-choice.tsx";
import { PersonFilter } from "./person-filter.tsx";
import { readRequestsSearch, type RequestsSearch } from "./requests-search.ts";

type RequestFiltersProps = {
  readonly search: RequestsSearch;
  readonly onSearch: (search: RequestsSearch) => void;
};

const answers = [
  { value: "", label: "Any" },
  { value: "failed=false", label: "Worked" },
  { value: "failed=true", label: "Did not work" },
  { value: "outcome=refused", label: "Refused (400 to 499)" },
  { value: "outcome=unauthenticated", label: "Not authenticated (401)" },
  { value: "outcome=fault", label: "Our fault (500 and up)" },
] as const;
const operations = [
  { value: "", label: "Anything" },
  { value: " Users", label: "About people" },
  { value: "GET Users", label: "Look people up" },
  { value: "POST Users", label: "Add a person" },
  { value: "PUT Users", label: "Replace a person" },
  { value: "PATCH Users", label: "Change a person" },
  { value: "DELETE Users", label: "Remove a person" },
  { value: " Groups", label: "About groups" },
  { value: "GET Groups", label: "Look groups up" },
  { value: "POST Groups", label: "Add a group" },
  { value: "PUT Groups", label: "Replace a group" },
  { value: "PATCH Groups", label: "Change a group" },
  { value: "DELETE Groups", label: "Remove a group" },
  { value: " Bulk", label: "Many at once" },
  { value: " Discovery", label: "What the service can do" },
  { value: " Other", label: "Something else" },
] as const;

const orders = [
  { value: "", label: "Newest first" },
  { value: "oldest", label: "Oldest first" },
  { value: "slowest", label: "Slowest first" },
] as const;

/** The filters, which are in the address; text is applied after a delay. */
export function RequestFilters({ search, onSearch }: RequestFiltersProps): ReactNode {
  const tokens = useQuery(tokensQuery);
  const change = (part: Readonly<Record<string, unknown>>): void =>
    onSearch(readRequestsSearch({ ...search, ...part }));
  const { follow: _, order, ...filters } = search;
  const hasMore = [search.tokenId, search.roleId, search.since, search.until].some((value) => value !== undefined);
  const answer = search.outcome === undefined ? search.failed : search.outcome;
  return (
    <search className="toolbar request-filters">
      <SearchBox
        label="Search"
        placeholder="Address or response"
        value={search.text}
        onSearch={(text) => change({ text })}
      />
      <PersonFilter memberId={search.memberId} onPerson={(memberId) => change({ memberId })} />
      <NativeSelect
        label="What"
        data={[...operations]}
        value={`${search.method ?? ""} ${search.resource ?? ""}`.trimEnd()}
        onChange={(event) => {
          const [method, resource] = event.currentTarget.value.split(" ");
          change({ method, resource });
        }}
      />
      <NativeSelect
        label="Response"
        data={[...answers]}
        value={answer === undefined ? "" : `${search.outcome === undefined ? "failed" : "outcome"}=${answer}`}
        onChange={(event) => {
          const [name, value] = event.currentTarget.value.split("=");
          change({
            outcome: name === "outcome" ? value : undefined,
            failed: name === "failed" ? value === "true" : undefined,
          });
        }}
      />
      <NativeSelect
        label="Order"
        data={[...orders]}
        value={order ?? ""}
        onChange={(event) => change({ order: event.currentTarget.value })}
      />
      <details className="more-filters" open={hasMore ? true : undefined}>
        <summary className="small">Token, group and time</summary>
        <div className="toolbar">
          <IdChoice
            label="Token"
            any="Any token"
            unknown="A deleted token"
            options={tokens.data}
            chosen={search.tokenId}
            onChoose={(tokenId) => change({ tokenId })}
          />
          <GroupChoice roleId={search.roleId} onRole={(roleId) => change({ roleId })} />
          <TimeRange since={search.since} until={search.until} onChange={change} />
        </div>
      </details>
      <Button
        className="filters-clear"
        variant="subtle"
        disabled={Object.keys(filters).length === 0}
        title={Object.keys(filters).length === 0 ? "Nothing is filtered." : undefined}
        onClick={({ currentTarget }) => {
          // The button is disabled next and would lose the focus.
          currentTarget.closest("search")?.querySelector("input")?.focus();
          onSearch(readRequestsSearch({ follow: search.follow, order }));
        }}
      >
        Clear filters
      </Button>
    </search>
  );
}
