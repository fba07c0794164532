import { Tooltip, VisuallyHidden } from "@mantine/core";
import type { GrantSource } from "@rollcall/domain";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

const sourceWords = {
  manual: "given by an owner",
  default: "the default role",
  group: "from a group of the directory",
} as const satisfies Record<GrantSource, string>;

/** Where a role comes from, in words. */
export function sourcesInWords(sources: readonly GrantSource[]): string {
  return sources.map((source) => sourceWords[source]).join(", ");
}

type RoleBadgeProps = {
  readonly role: { readonly id: string; readonly name: string; readonly sources: readonly GrantSource[] };
};

/** A role that somebody has, with its source on hover and focus; it leads to the role. */
export function RoleBadge({ role }: RoleBadgeProps): ReactNode {
  const words = sourcesInWords(role.sources);
  return (
    <Tooltip label={words}>
      <Link to="/roles/$roleId" params={{ roleId: role.id }} className="badge badge-link">
        {role.name}
        <VisuallyHidden>, {words}</VisuallyHidden>
      </Link>
    </Tooltip>
  );
}
