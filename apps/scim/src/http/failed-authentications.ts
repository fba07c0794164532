import type { RequestEntry, RequestRecorder } from "../request-log/request-recorder.ts";

/** Logs requests with a wrong secret for the organization that owns the public part of the token. */
export type FailedAuthentications = {
  note(request: RequestEntry): void;
};

const notedMax = 20;
const refillMs = 60_000;
const tokensMax = 1000;

/** The entries left that are logged one by one, and the requests since the last entry that were only counted. */
type Watch = { left: number; more: number; last: RequestEntry };

/**
 * Logs the first 20 failures of a token one by one, then one entry a minute: a single request, or a count. The public
 * part is no secret, so a client that knows it must not be able to fill the log. A token regains one entry for each
 * quiet minute, up to 20. At most 1,000 tokens are watched; requests of further ones are dropped.
 */
export function failedAuthentications(recorder: RequestRecorder): FailedAuthentications {
  const watches = new Map<string, Watch>();
  const startMinute = (tokenId: string, watch: Watch): void => {
    setTimeout(() => endMinute(tokenId, watch), refillMs).unref();
  };
  const endMinute = (tokenId: string, watch: Watch): void => {
    if (watch.more > 0) {
      const detail = `${watch.more.toLocaleString("en")} more such requests within a minute. This is the last one; the others are not listed.`;
      recorder.add(watch.more === 1 ? watch.last : { ...watch.last, detail });
      watch.more = 0;
    } else watch.left++;
    if (watch.left < notedMax) startMinute(tokenId, watch);
    else watches.delete(tokenId);
  };
  return {
    note(request) {
      const known = watches.get(request.tokenId);
      if (known === undefined && watches.size >= tokensMax) return;
      const watch: Watch = known ?? { left: notedMax, more: 0, last: request };
      if (known === undefined) {
        watches.set(request.tokenId, watch);
        startMinute(request.tokenId, watch);
      }
      if (watch.left > 0) {
        watch.left--;
        recorder.add(request);
      } else {
        watch.more++;
        watch.last = request;
      }
    },
  };
}
