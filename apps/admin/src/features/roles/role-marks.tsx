import type { ReactNode } from "react";
import type { Role } from "../../queries.ts";
import { Badge } from "../../ui/badge.tsx";

/** Who made the role, and the rights of a built-in one. */
export function roleSource({ kind, isScimCreated }: Role): string {
  switch (kind) {
    case "owner":
      return "Built in, full rights";
    case "deploy_owner":
      return "Built in, full deploy rights";
    case "custom":
      return isScimCreated ? "From the directory" : "Made by owners";
  }
}

/** Badges: linked to a group of the directory, or the default role. */
export function RoleMarks({ role: { isLinked, isDefault } }: { readonly role: Role }): ReactNode {
  if (!isLinked && !isDefault) return null;
  return (
    <span className="badges">
      {isLinked && <Badge tone="info">Linked</Badge>}
      {isDefault && <Badge tone="good">Default</Badge>}
    </span>
  );
}
