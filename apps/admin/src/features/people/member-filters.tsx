import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type MembersFilter, rolesQuery } from "../../queries.ts";
import { readMembersSearch } from "./members-search.ts";
import { IdChoice } from "../../ui/id-choice.tsx";
import { SearchBox } from "../../ui/search-box.tsx";

type Filter = Omit<MembersFilter, "page">;
type MemberFiltersProps = { readonly filter: Filter; readonly onFilter: (filter: Filter) => void };

const statuses = [
  { value: "", label: "Any status" },
  { value: "active", label: "Active" },
  { value: "inactive", label: "Inactive" },
  { value: "awaiting", label: "Awaits acceptance" },
] as const;
const managers = [
  { value: "", label: "Anyone" },
  { value: "true", label: "Directory" },
  { value: "false", label: "Owners" },
] as const;

/** The filters, which are in the address; text is applied after a delay. */
export function MemberFilters({ filter, onFilter }: MemberFiltersProps): ReactNode {
  const roles = useQuery(rolesQuery);
  const change = (part: Readonly<Record<string, unknown>>): void => onFilter(readMembersSearch({ ...filter, ...part }));
  return (
    <search className="toolbar">
      <SearchBox
        label="Search"
        placeholder="Name or email"
        value={filter.search}
        onSearch={(term) => change({ search: term })}
      />
      <NativeSelect
        label="Status"
        data={[...statuses]}
        value={filter.status ?? ""}
        onChange={(event) => change({ status: event.currentTarget.value })}
      />
      <NativeSelect
        label="Managed by"
        data={[...managers]}
        value={filter.managed === undefined ? "" : String(filter.managed)}
        onChange={(event) => {
          const { value } = event.currentTarget;
          change({ managed: value === "" ? undefined : value === "true" });
        }}
      />
      <IdChoice
        label="Role"
        any="Any role"
        unknown="A deleted role"
        options={roles.data}
        chosen={filter.roleId}
        onChoose={(roleId) => change({ roleId })}
      />
    </search>
  );
}
