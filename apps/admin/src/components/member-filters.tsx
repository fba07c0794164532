import { NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type MembersFilter, rolesQuery } from "../queries.ts";
import { readMembersSearch } from "../search.ts";

type Filter = Omit<MembersFilter, "page">;
type MemberFiltersProps = { readonly filter: Filter; readonly onFilter: (filter: Filter) => void };

const waitMs = 250;
const statuses = [
  { value: "", label: "Any status" },
  { value: "active", label: "Active" },
  { value: "inactive", label: "Inactive" },
  { value: "awaiting", label: "Awaits acceptance" },
] as const;
const managers = [
  { value: "", label: "Anybody" },
  { value: "true", label: "Directory" },
  { value: "false", label: "Owners" },
] as const;

/** Narrows the members down. The address holds the filter; what is being typed follows it after a moment. */
export function MemberFilters({ filter, onFilter }: MemberFiltersProps): ReactNode {
  const roles = useQuery(rolesQuery);
  const change = (part: Readonly<Record<string, unknown>>): void => onFilter(readMembersSearch({ ...filter, ...part }));
  const search = useDebouncedCallback((term: string) => change({ search: term }), waitMs);
  const roleOptions = (roles.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <search className="toolbar">
      <TextInput
        className="toolbar-wide"
        label="Search"
        placeholder="Name or e-mail"
        type="search"
        maxLength={200}
        defaultValue={filter.search ?? ""}
        leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
        onChange={(event) => search(event.currentTarget.value)}
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
      <NativeSelect
        label="Role"
        data={[{ value: "", label: "Any role" }, ...roleOptions]}
        value={filter.roleId ?? ""}
        onChange={(event) => change({ roleId: event.currentTarget.value })}
      />
    </search>
  );
}
