import { latestRequestId, requestsSince, type Database } from "@rollcall/db";
import type { Logger } from "pino";

/** Tells who watches an organization that calls of its provider have been recorded. */
export type RequestFeed = {
  /** Calls `onCalls` with the number of new calls, at most once a second, until `stop`; from `ready` on none is missed. */
  watch(organizationId: string, onCalls: (count: number) => void): { readonly ready: Promise<void>; stop(): void };
};

type Listener = (count: number) => void;
type Watched = { newest: string | undefined; known: ReadonlySet<string>; readonly listeners: Set<Listener> };

const everyMs = 1000;
/** No id is below it. */
const firstId = "00000000-0000-7000-8000-000000000000";

/**
 * Looks once a second for each organization that somebody watches, by the primary key: whichever process recorded a call, it is
 * seen, without a connection to listen on, which a PgBouncer would not keep (docs/decisions/0004).
 */
export function requestFeed(database: Database, log: Logger): RequestFeed {
  const watchedById = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  /** Takes note of what is there already, which is no news. */
  const begin = async (organizationId: string, watched: Watched): Promise<void> => {
    if (watched.newest !== undefined) return;
    const newest = (await latestRequestId(database.sql, organizationId)) ?? firstId;
    const known = new Set(await requestsSince(database.sql, organizationId, newest));
    if (watched.newest !== undefined) return;
    watched.newest = newest;
    watched.known = known;
  };
  const look = async (organizationId: string, watched: Watched): Promise<void> => {
    if (watched.newest === undefined) return begin(organizationId, watched);
    const ids = await requestsSince(database.sql, organizationId, watched.newest);
    const fresh = ids.filter((id) => !watched.known.has(id));
    watched.known = new Set(ids);
    watched.newest = ids[0] ?? watched.newest;
    if (fresh.length > 0) for (const listener of watched.listeners) listener(fresh.length);
  };
  const lookAtAll = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      for (const [organizationId, watched] of watchedById) await look(organizationId, watched);
    } catch (cause) {
      log.error({ fault: String(cause) }, "New calls cannot be looked for now.");
    } finally {
      isLooking = false;
    }
  };

  return {
    watch(organizationId, onCalls) {
      const watched = watchedById.get(organizationId) ?? { newest: undefined, known: new Set(), listeners: new Set() };
      watchedById.set(organizationId, watched);
      watched.listeners.add(onCalls);
      timer ??= setInterval(() => void lookAtAll(), everyMs).unref();
      const stop = (): void => {
        watched.listeners.delete(onCalls);
        if (watched.listeners.size === 0 && watchedById.get(organizationId) === watched)
          watchedById.delete(organizationId);
        if (watchedById.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
      return { ready: begin(organizationId, watched), stop };
    },
  };
}
