import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { tokensQuery } from "../queries.ts";
import { PersonFilter } from "./person-filter.tsx";
import { readRequestsSearch, type RequestsSearch } from "./requests-search.ts";

type RequestFiltersProps = {
  readonly search: RequestsSearch;
  readonly onSearch: (search: RequestsSearch) => void;
};

const waitMs = 300;
const answers = [
  { value: "", label: "Any answer" },
  { value: "failed=false", label: "Worked" },
  { value: "failed=true", label: "Did not work" },
  { value: "outcome=refused", label: "Refused (400 to 499)" },
  { value: "outcome=notLetIn", label: "Not let in (401)" },
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

/** Narrows the calls down. The address holds the filters; what is being typed follows it after a moment. */
export function RequestFilters({ search, onSearch }: RequestFiltersProps): ReactNode {
  const tokens = useQuery(tokensQuery);
  const change = (part: Readonly<Record<string, unknown>>): void =>
    onSearch(readRequestsSearch({ ...search, ...part }));
  const type = useDebouncedCallback((text: string) => change({ text }), waitMs);
  const { follow: _, ...filters } = search;
  const hasTime = search.since !== undefined || search.until !== undefined;
  const answer = search.outcome === undefined ? search.failed : search.outcome;
  return (
    <search className="toolbar request-filters">
      <TextInput
        key={search.text === undefined ? "empty" : "filled"}
        className="toolbar-wide"
        label="Search"
        placeholder="Address or answer"
        type="search"
        maxLength={200}
        defaultValue={search.text ?? ""}
        leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
        onChange={(event) => type(event.currentTarget.value)}
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
        label="Answer"
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
      <details className="more-filters" open={search.tokenId !== undefined || hasTime ? true : undefined}>
        <summary className="small">Token and time</summary>
        <div className="toolbar">
          <NativeSelect
            label="Token"
            data={[
              { value: "", label: "Any token" },
              ...(tokens.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={search.tokenId ?? ""}
            onChange={(event) => change({ tokenId: event.currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label="From (your time)"
            value={localTime(search.since)}
            onChange={(event) => change({ since: utcTime(event.currentTarget.value) })}
          />
          <TextInput
            type="datetime-local"
            label="Until (your time)"
            value={localTime(search.until)}
            onChange={(event) => change({ until: utcTime(event.currentTarget.value) })}
          />
        </div>
      </details>
      <Button
        className="filters-clear"
        variant="subtle"
        disabled={Object.keys(filters).length === 0}
        title={Object.keys(filters).length === 0 ? "Nothing is filtered." : undefined}
        onClick={({ currentTarget }) => {
          // With nothing to clear the button is disabled, and would take the focus with it.
          currentTarget.closest("search")?.querySelector("input")?.focus();
          onSearch(search.follow === true ? { follow: true } : {});
        }}
      >
        Clear filters
      </Button>
    </search>
  );
}

/** The moment as the browser's field wants it: in the viewer's zone, to the minute. */
function localTime(iso: string | undefined): string {
  if (iso === undefined) return "";
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function utcTime(local: string): string | undefined {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
