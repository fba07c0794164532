import { Button, NativeSelect, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { TimeRange } from "../../ui/time-range.tsx";
import { tokensQuery } from "../../queries.ts";
import { PersonFilter } from "../requests/person-filter.tsx";
import { type ActivitySearch, readActivitySearch } from "./activity-search.ts";
import { actionOptions } from "./action-options.ts";
import "../requests/requests.css";

type ActivityFiltersProps = {
  readonly search: ActivitySearch;
  readonly onSearch: (search: ActivitySearch) => void;
};

const actors = [
  { value: "", label: "Anyone" },
  { value: "who=token", label: "The identity provider" },
  { value: "who=person", label: "People in the console" },
  { value: "who=operator", label: "The operator of Rollcall" },
  { value: "who=system", label: "Rollcall itself" },
] as const;
const orders = [
  { value: "", label: "Newest first" },
  { value: "oldest", label: "Oldest first" },
] as const;

/** The filters and the order; their state is in the address. */
export function ActivityFilters({ search, onSearch }: ActivityFiltersProps): ReactNode {
  const change = (part: Readonly<Record<string, unknown>>): void =>
    onSearch(readActivitySearch({ ...search, ...part }));
  const { order, ...filters } = search;
  const { kind, area, byMemberId, since, until } = search;
  const isFiltered = Object.keys(filters).length > 0;
  const hasMore = byMemberId !== undefined || since !== undefined || until !== undefined;
  return (
    <search className="toolbar request-filters">
      <PersonFilter memberId={search.memberId} onPerson={(memberId) => change({ memberId })} />
      <ActorChoice search={search} onChange={change} />
      <NativeSelect
        label="What"
        data={actionOptions}
        value={kind === undefined ? (area === undefined ? "" : `area=${area}`) : `kind=${kind}`}
        onChange={(event) => {
          const [name, value] = event.currentTarget.value.split("=");
          change({ area: name === "area" ? value : undefined, kind: name === "kind" ? value : undefined });
        }}
      />
      <NativeSelect
        label="Order"
        data={[...orders]}
        value={order ?? ""}
        onChange={(event) => change({ order: event.currentTarget.value })}
      />
      <Switch
        className="filter-switch"
        label="Refused only"
        checked={search.refused === true}
        onChange={(event) => change({ refused: event.currentTarget.checked })}
      />
      <details className="more-filters" open={hasMore ? true : undefined}>
        <summary className="small">Person and time</summary>
        <div className="toolbar">
          <PersonFilter
            label="Done by this person"
            memberId={byMemberId}
            onPerson={(id) => change({ byMemberId: id })}
          />
          <TimeRange since={since} until={until} onChange={change} />
        </div>
      </details>
      <Button
        className="filters-clear"
        variant="subtle"
        disabled={!isFiltered}
        title={isFiltered ? undefined : "Nothing is filtered."}
        onClick={({ currentTarget }) => {
          // The button is disabled next and would lose the focus.
          currentTarget.closest("search")?.querySelector("input")?.focus();
          onSearch(order === undefined ? {} : { order });
        }}
      >
        Clear filters
      </Button>
    </search>
  );
}

type ActorChoiceProps = {
  readonly search: ActivitySearch;
  readonly onChange: (part: Readonly<Record<string, unknown>>) => void;
};

/** The filter by actor: a kind of actor, or one token, revoked ones included. */
function ActorChoice({ search: { who, tokenId }, onChange }: ActorChoiceProps): ReactNode {
  const tokens = useQuery(tokensQuery);
  const items = (tokens.data ?? []).map(({ id, name }) => ({ value: `tokenId=${id}`, label: `Token ${name}` }));
  const isUnknown = tokenId !== undefined && !items.some(({ value }) => value === `tokenId=${tokenId}`);
  const named = isUnknown ? [...items, { value: `tokenId=${tokenId}`, label: "A deleted token" }] : items;
  return (
    <NativeSelect
      label="Done by"
      data={[...actors, ...(named.length === 0 ? [] : [{ group: "Tokens", items: named }])]}
      value={tokenId === undefined ? (who === undefined ? "" : `who=${who}`) : `tokenId=${tokenId}`}
      onChange={(event) => {
        const [name, value] = event.currentTarget.value.split("=");
        onChange({ who: name === "who" ? value : undefined, tokenId: name === "tokenId" ? value : undefined });
      }}
    />
  );
}
