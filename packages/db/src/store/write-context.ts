import type { Actor } from "@rollcall/domain";
import type { NewChange } from "./change-log.ts";

/** What every write knows: whose it is, who does it, when, and in which request. */
export type WriteContext = {
  readonly organizationId: string;
  /** The role that nobody falls below while provisioning is on. */
  readonly defaultRoleId: string | null;
  readonly actor: Actor;
  readonly now: Date;
  readonly requestId: string | null;
};

/** Starts a log entry in the context's organization. */
export function entryOf(context: WriteContext): Pick<NewChange, "organizationId" | "at" | "requestId" | "actor"> {
  const { organizationId, now, requestId, actor } = context;
  return { organizationId, at: now, requestId, actor };
}
