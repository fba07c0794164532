import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { SearchBox } from "../../ui/search-box.tsx";
import { type InvitationsSearch, readInvitationsSearch } from "./invitations-search.ts";

type InvitationFiltersProps = {
  readonly search: InvitationsSearch;
  readonly onFilter: (search: InvitationsSearch) => void;
};

const states = [
  { value: "", label: "Any" },
  { value: "open", label: "Open" },
  { value: "suspended", label: "Suspended" },
  { value: "expired", label: "Expired" },
] as const;

/** The filters of a list of more than one page. */
export function InvitationFilters({ search, onFilter }: InvitationFiltersProps): ReactNode {
  const change = (part: Readonly<Record<string, unknown>>): void =>
    onFilter(readInvitationsSearch({ ...search, ...part }).invitations ?? {});
  return (
    <search className="toolbar" aria-label="Invitations">
      <SearchBox
        label="Search invitations"
        placeholder="Email"
        value={search.search}
        onSearch={(term) => change({ search: term })}
      />
      <NativeSelect
        label="State"
        data={[...states]}
        value={search.state ?? ""}
        onChange={(event) => change({ state: event.currentTarget.value })}
      />
    </search>
  );
}
