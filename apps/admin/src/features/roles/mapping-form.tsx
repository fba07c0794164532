import { isMappingGroup, isMappingTarget, type GroupMapping } from "@rollcall/domain";
import { type ReactNode, useState } from "react";
import type { Role } from "../../queries.ts";
import { AddMapping } from "./add-mapping.tsx";
import { MappingRows } from "./mapping-rows.tsx";
import { MappingSaving } from "./mapping-saving.tsx";
import { idsOf, type Mapping, type MappingsInput } from "./role-queries.ts";

type MappingFormProps = { readonly saved: readonly Mapping[]; readonly roles: readonly Role[] };

/** Edits the list of mappings, with a preview of what saving would do. */
export function MappingForm({ saved, roles }: MappingFormProps): ReactNode {
  // Undefined until the first change: the server's list is shown.
  const [draft, setDraft] = useState<MappingsInput>();
  const mappings = draft?.mappings ?? saved;
  const change = (next: readonly GroupMapping[]): void => {
    const basis = draft?.basis ?? saved.map(idsOf);
    setDraft(isSame(next, basis) ? undefined : { mappings: next.map(idsOf), basis });
  };
  const targets = roles.filter(isMappingTarget);
  const groups = roles.filter((role) => isMappingGroup(role) && mappings.every(({ groupId }) => groupId !== role.id));
  const nameOf = (roleId: string): string => roles.find(({ id }) => id === roleId)?.name ?? "A deleted role";
  return (
    <>
      {mappings.length > 0 && (
        <MappingRows mappings={mappings} saved={saved} targets={targets} nameOf={nameOf} onChange={change} />
      )}
      <AddMapping
        groups={groups}
        targets={targets}
        isFirst={mappings.length === 0}
        onAdd={(mapping) => change([...mappings, mapping])}
      />
      {draft !== undefined && <MappingSaving input={draft} onEnd={() => setDraft(undefined)} />}
    </>
  );
}

function isSame(some: readonly GroupMapping[], others: readonly GroupMapping[]): boolean {
  return JSON.stringify(some.map(idsOf)) === JSON.stringify(others.map(idsOf));
}
