import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { rolesQuery } from "../queries.ts";

type GroupChoiceProps = {
  readonly roleId: string | undefined;
  readonly onRole: (roleId: string | undefined) => void;
};

/** One of the groups that the provider keeps; also one that is gone, whose calls are kept a while. */
export function GroupChoice({ roleId, onRole }: GroupChoiceProps): ReactNode {
  const roles = useQuery(rolesQuery);
  const groups = (roles.data ?? []).filter((role) => role.isScimCreated || role.isLinked || role.id === roleId);
  const isUnknown = roleId !== undefined && roles.isSuccess && !groups.some(({ id }) => id === roleId);
  return (
    <NativeSelect
      label="Group"
      data={[
        { value: "", label: "Any group" },
        ...groups.map(({ id, name }) => ({ value: id, label: name })),
        ...(isUnknown ? [{ value: roleId, label: "A group that is gone" }] : []),
      ]}
      value={roleId ?? ""}
      onChange={(event) => onRole(event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
    />
  );
}
