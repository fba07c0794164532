import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "../../ui/card.tsx";
import { ErrorNote } from "../../ui/error-note.tsx";
import { SkeletonLines } from "../../ui/skeleton-lines.tsx";
import { provisioningQuery, rolesQuery } from "../../queries.ts";
import { PeopleJobNote } from "../provisioning/people-job-note.tsx";
import { MappingForm } from "./mapping-form.tsx";
import { mappingsQuery } from "./role-queries.ts";

/** The mappings from groups of the directory to roles. */
export function MappingCard(): ReactNode {
  const mappings = useQuery(mappingsQuery);
  const roles = useQuery(rolesQuery);
  const provisioning = useQuery(provisioningQuery);
  const job = provisioning.data?.mappingJob ?? null;
  const failed = [mappings, roles, provisioning].filter(({ isError }) => isError);
  const retry = (): void => failed.forEach(({ refetch }) => void refetch());
  return (
    <Card
      title="Groups mapped to roles"
      lead="Members of a directory group get the role it is mapped to while they are in the group. Only the first matching group applies."
    >
      {(mappings.isPending || roles.isPending) && failed.length === 0 && <SkeletonLines count={3} height={56} />}
      {failed[0] !== undefined && <ErrorNote error={failed[0].error} onRetry={retry} />}
      {mappings.data !== undefined && roles.data !== undefined && (
        <MappingForm saved={mappings.data} roles={roles.data} />
      )}
      {job !== null && <PeopleJobNote job={job} />}
    </Card>
  );
}
