import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { IdChoice } from "../../ui/id-choice.tsx";
import { rolesQuery } from "../../queries.ts";

type GroupChoiceProps = {
  readonly roleId: string | undefined;
  readonly onRole: (roleId: string | undefined) => void;
};

/** Picks one of the directory's groups; the chosen one may be deleted. */
export function GroupChoice({ roleId, onRole }: GroupChoiceProps): ReactNode {
  const roles = useQuery(rolesQuery);
  return (
    <IdChoice
      label="Group"
      any="Any group"
      unknown="A deleted group"
      options={roles.data?.filter((role) => role.isScimCreated || role.isLinked || role.id === roleId)}
      chosen={roleId}
      onChoose={onRole}
    />
  );
}
