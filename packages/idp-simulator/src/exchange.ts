export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * One call and its answer, as a log may hold it: no token, and a password in the request is hidden. `status` is 0 where
 * no answer came. Bodies are parsed JSON; an answer that is no JSON is kept as the beginning of its text.
 */
export type Exchange = {
  readonly method: Method;
  readonly url: string;
  readonly requestBody?: unknown;
  readonly status: number;
  readonly responseBody?: unknown;
  readonly durationMs: number;
};

/** The service answered (or failed to answer) in a way that would break provisioning. The message is a plain sentence. */
export class WrongAnswer extends Error {
  readonly exchange: Exchange;

  constructor(sentence: string, exchange: Exchange) {
    super(sentence);
    this.name = "WrongAnswer";
    this.exchange = exchange;
  }
}
