export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * One request and its response, for a log: no token, and a password in the request is masked. `status` is 0 if there
 * was no response. Bodies are parsed JSON; of other responses only the start of the text is kept.
 */
export type Exchange = {
  readonly method: Method;
  readonly url: string;
  readonly requestBody?: unknown;
  readonly status: number;
  readonly responseBody?: unknown;
  readonly durationMs: number;
};

/**
 * The service responded (or failed to respond) in a way that would break provisioning. The message is a plain sentence.
 */
export class WrongAnswer extends Error {
  readonly exchange: Exchange;

  constructor(sentence: string, exchange: Exchange) {
    super(sentence);
    this.name = "WrongAnswer";
    this.exchange = exchange;
  }
}
