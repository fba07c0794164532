import { Tooltip, VisuallyHidden } from "@mantine/core";
import type { GrantSource } from "@rollcall/domain";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

const sourceLabels = {
  manual: "given by an owner",
  default: "the default role",
  group: "from a group of the directory",
  mapping: "by a mapping of a group",
} as const satisfies Record<GrantSource, string>;

/** The source of a member's role; `mappedBy` is the group whose mapping gives it. */
export type RoleSources = { readonly sources: readonly GrantSource[]; readonly mappedBy: string | null };

export function roleSourceLabel({ sources, mappedBy }: RoleSources): string {
  const labels = sources.map((source) =>
    source === "mapping" && mappedBy !== null ? `by the mapping of the group ${mappedBy}` : sourceLabels[source],
  );
  return labels.join(", ");
}

type RoleBadgeProps = {
  readonly role: RoleSources & { readonly id: string; readonly name: string };
};

/** A member's role as a link, with its source in a tooltip. */
export function RoleBadge({ role }: RoleBadgeProps): ReactNode {
  const label = roleSourceLabel(role);
  return (
    <Tooltip label={label}>
      <Link to="/roles/$roleId" params={{ roleId: role.id }} className="badge badge-link">
        {role.name}
        <VisuallyHidden>, {label}</VisuallyHidden>
      </Link>
    </Tooltip>
  );
}
