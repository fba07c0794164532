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

/** The column of a list of members that can be sorted by it. */
export const statusColumn = {
  id: "status",
  header: "Status",
  cell: ({ status }: Pick<Member, "status">) => <MemberStatus status={status} />,
  sort: { key: "status", kind: "text" },
} as const;
