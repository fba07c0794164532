import { latestRequestId, requestsSince, type Database } from "@rollcall/db";
import type { Logger } from "pino";

/** Notifies watchers of an organization about newly recorded requests of its provider. */
export type RequestFeed = {
  /**
   * Calls `onCalls` with the number of new requests, at most once a second, until `stop`; none is missed after `ready`.
   */
  watch(organizationId: string, onCalls: (count: number) => void): { readonly ready: Promise<void>; stop(): void };
};

type Listener = (count: number) => void;
type Watched = { newest: string | undefined; known: ReadonlySet<string>; readonly listeners: Set<Listener> };

const everyMs = 1000;
/** No id is below it. */
const firstId = "00000000-0000-7000-8000-000000000000";

/**
 * Polls once a second for each watched organization, by the primary key: this finds requests recorded by any process
 * without a LISTEN connection, which PgBouncer would not keep (docs/decisions/0004).
 */
export function requestFeed(database: Database, log: Logger): RequestFeed {
  const watchedById = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  /** Records the current position, so that existing requests are not reported. */
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
    for (const [organizationId, watched] of watchedById) {
      try {
        await look(organizationId, watched);
      } catch (cause) {
        log.error({ organizationId, fault: String(cause) }, "New requests could not be looked for; it is tried again.");
      }
    }
    isLooking = false;
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
