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
  /** The owner's session: the write is done only if it is still an owner's when its turn comes. */
  readonly sessionId?: string;
};

/** The access of the person has ended while their request waited; nothing was done. */
export class AccessEnded extends Error {
  constructor() {
    super("Your access has ended in the meantime. Nothing was changed.");
  }
}

/** Starts a log entry in the context's organization. */
export function entryOf(context: WriteContext): Pick<NewChange, "organizationId" | "at" | "requestId" | "actor"> {
  const { organizationId, now, requestId, actor } = context;
  return { organizationId, at: now, requestId, actor };
}
