import type { ReactNode } from "react";
import type { Member } from "../../queries.ts";
import { Badge } from "../../ui/badge.tsx";

const statusBadges = {
  active: { label: "Active", tone: "good" },
  inactive: { label: "Inactive", tone: "neutral" },
  awaiting: { label: "Awaits acceptance", tone: "info" },
} as const;

export function MemberStatus({ status }: { readonly status: Member["status"] }): ReactNode {
  return (
    <Badge tone={statusBadges[status].tone} dot>
      {statusBadges[status].label}
    </Badge>
  );
}
