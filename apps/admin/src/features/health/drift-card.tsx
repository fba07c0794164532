import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { EmptyNote } from "../../ui/empty-note.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { ExportMenu } from "../../ui/export-menu.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { orderOf, type Order } from "../../search.ts";
import { DriftHolders, DriftPeople } from "./drift-lists.tsx";
import { type DriftCounts, driftQuery } from "./health-queries.ts";
import {
  type DriftKind,
  driftKinds,
  holderSorting,
  holderSortOf,
  peopleSorting,
  peopleSortOf,
  readHealthSearch,
} from "./health-search.ts";

const titles: Readonly<Record<DriftKind, string>> = {
  unlinked: "Not managed",
  unconfirmed: "Not confirmed",
  holders: "Group members",
};

/** Drift from the directory. The open list and its page are in the address. */
export function DriftCard({ isEnabled }: { readonly isEnabled: boolean }): ReactNode {
  const drift = useQuery({ ...driftQuery, enabled: isEnabled });
  const search = useSearch({ from: "/shell/owner/health" });
  const navigate = useNavigate();
  const kind = search.drift ?? driftKinds[0];
  const show = (part: Readonly<Record<string, unknown>>, replace = false): void => {
    const { page: _, ...rest } = search;
    const next = readHealthSearch({ ...rest, ...part });
    void navigate({ to: "/health", search: next, resetScroll: false, replace });
  };
  const input = { page: search.page ?? 1, ...(search.search === undefined ? {} : { search: search.search }) };
  const ways = { onPage: (page: number) => show({ page }), onOrder: (order: Order) => show(order) };
  return (
    <Card
      title="Drift"
      lead="Differences between the members here and your identity provider."
      aside={isEnabled && <ExportMenu what={`drift-${kind}`} filters={{ search: search.search }} />}
    >
      {!isEnabled && (
        <EmptyNote title="Nothing to compare with">Provisioning is off. Turn it on to see differences here.</EmptyNote>
      )}
      {isEnabled && (
        <>
          <nav className="tab-links" aria-label="Kinds of drift">
            {driftKinds.map((one) => (
              <Link
                key={one}
                to="/health"
                search={one === driftKinds[0] ? {} : { drift: one }}
                activeOptions={{ exact: true }}
                resetScroll={false}
                replace
                aria-current={one === kind ? "true" : undefined}
              >
                {titles[one]}{" "}
                <span className="tab-count">{drift.data === undefined ? "…" : countOf(drift.data, one)}</span>
              </Link>
            ))}
          </nav>
          {drift.isError && <ErrorNote error={drift.error} onRetry={() => void drift.refetch()} />}
          <p className="quiet small measure tab-meaning">
            {meanings[kind]}{" "}
            {drift.isSuccess && search.search === undefined && isCut(drift.data, kind) && firstOf(drift.data, kind)}
          </p>
          <search className="toolbar">
            <SearchBox
              key={kind}
              label="Search"
              placeholder="Name or user name"
              value={search.search}
              onSearch={(term) => show({ search: term }, true)}
            />
          </search>
          {kind === "holders" ? (
            <DriftHolders input={{ ...input, ...orderOf(holderSortOf(search), holderSorting) }} {...ways} />
          ) : (
            <DriftPeople
              key={kind}
              kind={kind}
              input={{ ...input, ...orderOf(peopleSortOf(search), peopleSorting) }}
              {...ways}
            />
          )}
        </>
      )}
    </Card>
  );
}

/** Whether there may be more than are counted and listed. */
function isCut(drift: DriftCounts, kind: DriftKind): boolean {
  return drift[kind] >= drift.max;
}

function countOf(drift: DriftCounts, kind: DriftKind): string {
  return `${drift[kind].toLocaleString("en")}${isCut(drift, kind) ? "+" : ""}`;
}

function firstOf({ max }: DriftCounts, kind: DriftKind): string {
  return `The list has ${max.toLocaleString("en")} of them${parts[kind]}. The export has everyone.`;
}

const parts: Readonly<Record<DriftKind, string>> = {
  unlinked: ", the first by name",
  unconfirmed: ", those who have not been confirmed for the longest time",
  holders: "",
};

const meanings: Readonly<Record<DriftKind, string>> = {
  unlinked:
    "People with access whom your identity provider does not manage. They stay until an owner removes them, also when they leave the company. Assign them there under the same user name and they are linked; an owner who must get in without the provider may stay as they are.",
  unconfirmed:
    "Managed people whom your provider has neither read, looked up by user name nor changed for 30 days. That alone is normal: it sends requests only on changes, and a full import names no one. To be sure, compare with a file below.",
  holders:
    "People who hold a role that your provider keeps although it did not assign them, or although they are deactivated. Deactivated people have no access; the role waits for them.",
};
