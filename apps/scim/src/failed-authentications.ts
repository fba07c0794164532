import type { AnsweredRequest, RequestRecorder } from "./request-recorder.ts";

/** Calls with a wrong secret, for the log of who owns the public part of the token. */
export type FailedAuthentications = {
  note(call: AnsweredRequest): void;
};

const notedMax = 20;
const windowMs = 60_000;
const tokensMax = 1000;

/** One token's last minute: what was noted, and the last call of those that were only counted. */
type Window = { count: number; last: AnsweredRequest };

/**
 * Notes the first 20 of a token and minute each, and at the end of the minute how many more there were: the public part
 * is no secret, and who knows it must not be able to fill somebody's log. 1,000 tokens are watched at a time; the calls of
 * further ones are dropped.
 */
export function failedAuthentications(recorder: RequestRecorder): FailedAuthentications {
  const windows = new Map<string, Window>();
  const end = (tokenId: string): void => {
    const { count, last } = windows.get(tokenId) ?? { count: 0, last: undefined };
    windows.delete(tokenId);
    const more = count - notedMax;
    if (more <= 0 || last === undefined) return;
    const detail = `${more.toLocaleString("en")} more calls like these within a minute. This is the last one; the others are not listed.`;
    recorder.add({ ...last, detail });
  };
  return {
    note(call) {
      const window = windows.get(call.tokenId);
      if (window !== undefined) {
        window.count++;
        window.last = call;
        if (window.count <= notedMax) recorder.add(call);
        return;
      }
      if (windows.size >= tokensMax) return;
      windows.set(call.tokenId, { count: 1, last: call });
      setTimeout(() => end(call.tokenId), windowMs).unref();
      recorder.add(call);
    },
  };
}
