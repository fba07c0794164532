import type { AnsweredRequest, RequestRecorder } from "../request-log/request-recorder.ts";

/** Calls with a wrong secret, for the log of who owns the public part of the token. */
export type FailedAuthentications = {
  note(call: AnsweredRequest): void;
};

const notedMax = 20;
const refillMs = 60_000;
const tokensMax = 1000;

/** What is still noted one by one, and the calls since the last line that were only counted. */
type Watch = { left: number; more: number; last: AnsweredRequest };

/**
 * Notes the first 20 of a token each, and then one line a minute: a call, or how many there were meanwhile. The public
 * part is no secret, and who knows it must not be able to fill somebody's log, however long they go on. A token that is
 * left alone has its 20 back after as many minutes. 1,000 tokens are watched at a time; the calls of further ones are
 * dropped.
 */
export function failedAuthentications(recorder: RequestRecorder): FailedAuthentications {
  const watches = new Map<string, Watch>();
  const startMinute = (tokenId: string, watch: Watch): void => {
    setTimeout(() => endMinute(tokenId, watch), refillMs).unref();
  };
  const endMinute = (tokenId: string, watch: Watch): void => {
    if (watch.more > 0) {
      const detail = `${watch.more.toLocaleString("en")} more calls like these within a minute. This is the last one; the others are not listed.`;
      recorder.add({ ...watch.last, detail });
      watch.more = 0;
    } else watch.left++;
    if (watch.left < notedMax) startMinute(tokenId, watch);
    else watches.delete(tokenId);
  };
  return {
    note(call) {
      const known = watches.get(call.tokenId);
      if (known === undefined && watches.size >= tokensMax) return;
      const watch: Watch = known ?? { left: notedMax, more: 0, last: call };
      if (known === undefined) {
        watches.set(call.tokenId, watch);
        startMinute(call.tokenId, watch);
      }
      if (watch.left > 0) {
        watch.left--;
        recorder.add(call);
      } else {
        watch.more++;
        watch.last = call;
      }
    },
  };
}
