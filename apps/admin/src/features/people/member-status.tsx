import type { ReactNode } from "react";
import type { Member } from "../../queries.ts";
import { Badge } from "../../ui/badge.tsx";

const words = {
  active: { label: "Active", tone: "good" },
  inactive: { label: "Inactive", tone: "neutral" },
  awaiting: { label: "Awaits acceptance", tone: "info" },
} as const;

export function MemberStatus({ status }: { readonly status: Member["status"] }): ReactNode {
  return (
    <Badge tone={words[status].tone} dot>
      {words[status].label}
    </Badge>
  );
}
