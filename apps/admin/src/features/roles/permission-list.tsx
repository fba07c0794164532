import { VisuallyHidden } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import { permissions } from "@rollcall/domain";
import type { ReactNode } from "react";
import type { Role } from "../../queries.ts";
import { Card } from "../../ui/card.tsx";

/** The role's permissions, read-only. Those of owners' roles are fixed and not listed. */
export function PermissionList({ role }: { readonly role: Role }): ReactNode {
  if (role.kind !== "custom") {
    const lead = role.kind === "owner" ? "Everything, these settings included." : "Everything but these settings.";
    return <Card title="Permissions" lead={lead} />;
  }
  return (
    <Card title="Permissions" lead={role.permissions.length === 0 ? "This role allows nothing yet." : undefined}>
      <ul className="permissions">
        {permissions.map(({ id, label, hint }) => {
          const isAllowed = role.permissions.includes(id);
          const Icon = isAllowed ? IconCheck : IconMinus;
          return (
            <li key={id} data-allowed={isAllowed}>
              <Icon size={18} stroke={2} aria-hidden />
              <div>
                <VisuallyHidden>{isAllowed ? "Allowed: " : "Not allowed: "}</VisuallyHidden>
                {label}
                <div className="quiet small">{hint}</div>
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
