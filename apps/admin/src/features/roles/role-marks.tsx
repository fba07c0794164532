import type { RoleKind } from "@rollcall/domain";
import type { ReactNode } from "react";
import type { Role } from "../../queries.ts";
import { Badge } from "../../ui/badge.tsx";

const kindLabels = {
  owner: "Built in, full rights",
  deploy_owner: "Built in, full deploy rights",
  custom: "Custom",
} as const satisfies Record<RoleKind, string>;

export function roleKindLabel(kind: RoleKind): string {
  return kindLabels[kind];
}

/** Badges: made by the directory, linked to it, or the default role. */
export function RoleMarks({ role }: { readonly role: Role }): ReactNode {
  const isPlain = !role.isScimCreated && !role.isLinked && !role.isDefault;
  if (isPlain) return null;
  return (
    <span className="badges">
      {role.isScimCreated && <Badge tone="info">SCIM</Badge>}
      {role.isLinked && <Badge tone="info">Linked</Badge>}
      {role.isDefault && <Badge tone="good">Default</Badge>}
    </span>
  );
}
