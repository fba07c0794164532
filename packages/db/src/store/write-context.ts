import type { Actor } from "@rollcall/domain";
import type { NewChange } from "./change-log.ts";

/** The time of a request and its id in the logs; null: no request. */
export type RequestStamp = { readonly now: Date; readonly requestId: string | null };

/** The facts that every write needs. */
export type WriteContext = RequestStamp & {
  readonly organizationId: string;
  /** The role of every active member while provisioning is on. */
  readonly defaultRoleId: string | null;
  readonly actor: Actor;
};

/** Starts a log entry in the context's organization. */
export function entryOf(context: WriteContext): Pick<NewChange, "organizationId" | "at" | "requestId" | "actor"> {
  const { organizationId, now, requestId, actor } = context;
  return { organizationId, at: now, requestId, actor };
}
