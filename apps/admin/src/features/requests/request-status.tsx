import type { ReactNode } from "react";
import { Badge, type Tone } from "../../ui/badge.tsx";
import type { RequestEntry } from "./request-queries.ts";

/** The response's status and `scimType`. */
export function RequestStatus({ status, scimType }: Pick<RequestEntry, "status" | "scimType">): ReactNode {
  return <Badge tone={toneOf(status)}>{[status, scimType].filter((part) => part !== null).join(" ")}</Badge>;
}

/** `status` 0: no response. */
export function toneOf(status: number): Tone {
  if (status === 0 || status >= 500) return "bad";
  return status >= 400 ? "warn" : "good";
}
