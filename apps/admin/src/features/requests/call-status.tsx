import type { ReactNode } from "react";
import { Badge, type Tone } from "../../ui/badge.tsx";
import type { RequestEntry } from "./request-queries.ts";

/** How a call was answered: the status, and SCIM's own word where there is one. */
export function CallStatus({ status, scimType }: Pick<RequestEntry, "status" | "scimType">): ReactNode {
  return <Badge tone={toneOf(status)}>{[status, scimType].filter((part) => part !== null).join(" ")}</Badge>;
}

export function toneOf(status: number): Tone {
  if (status >= 500) return "bad";
  return status >= 400 ? "warn" : "good";
}
