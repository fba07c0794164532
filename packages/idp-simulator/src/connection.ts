import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

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
export class UnexpectedResponse extends Error {
  readonly exchange: Exchange;

  constructor(sentence: string, exchange: Exchange) {
    super(sentence);
    this.name = "UnexpectedResponse";
    this.exchange = exchange;
  }
}

export type ConnectionOptions = {
  /** The service's SCIM base as an administrator enters it, for instance `https://scim.example/scim_v2`. */
  readonly baseUrl: string;
  /** The token as an administrator enters it; the provider decides whether `Bearer ` precedes it. */
  readonly token: string;
  /** Called for every request that returned or failed, including repeats after a 429. */
  readonly log?: ((exchange: Exchange) => void) | undefined;
  /** For one request; Okta closes the socket after 60 seconds (O-FAQ), which is the default. */
  readonly timeoutMs?: number | undefined;
  /** The longest wait of one request for `Retry-After`, in all its repeats. Default 60 seconds. */
  readonly retryWaitMaxMs?: number | undefined;
};

type ScimRequest = { readonly method: Method; readonly path: string; readonly body?: object };

export type ScimResponse = {
  readonly exchange: Exchange;
  readonly contentType: string;
  readonly location: string | null;
  readonly retryAfter: string | null;
  readonly body: unknown;
};

export type Send = (request: ScimRequest) => Promise<ScimResponse>;

/** The headers that the provider sends, by name; only a request with a body has a Content-Type. */
type HeadersFor = (hasBody: boolean) => Readonly<Record<string, string>>;

const triesMax = 10;
const responseBytesMax = 32 * 1024 * 1024;

/** Opens a connection whose requests look like the provider's. A 429 is waited out, within bounds. */
export function connect(options: ConnectionOptions, headersFor: HeadersFor): Send {
  if (!/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(options.token)) {
    throw new TypeError("The token holds a character that no HTTP header can carry.");
  }
  const baseUrl = new URL(options.baseUrl).href.replace(/\/+$/, "");
  const waitMaxMs = options.retryWaitMaxMs ?? 60_000;
  const settings = { ...options, baseUrl, headersFor };
  return async (request) => {
    let waitedMs = 0;
    for (let tries = 1; ; tries += 1) {
      const response = await sendOnce(request, settings);
      if (response.exchange.status !== 429) return response;
      const pauseMs = retryAfterMs(response);
      if (tries === triesMax || waitedMs + pauseMs > waitMaxMs) throw throttled(response, pauseMs);
      await wait(pauseMs);
      waitedMs += pauseMs;
    }
  };
}

type Settings = ConnectionOptions & { readonly headersFor: HeadersFor };

async function sendOnce(request: ScimRequest, settings: Settings): Promise<ScimResponse> {
  const url = `${settings.baseUrl}${request.path}`;
  const startedAt = performance.now();
  const record = (status: number, responseBody?: unknown): Exchange => {
    const exchange: Exchange = {
      method: request.method,
      url,
      ...(request.body === undefined ? {} : { requestBody: hidePassword(request.body) }),
      status,
      ...(responseBody === undefined ? {} : { responseBody }),
      durationMs: Math.round(performance.now() - startedAt),
    };
    settings.log?.(exchange);
    return exchange;
  };
  const fetched = await fetchText(request, url, settings);
  if (!fetched.ok)
    throw new UnexpectedResponse(`${request.method} ${url} received no response: ${fetched.reason}.`, record(0));
  const { response, text } = fetched;
  const parsed = parseJson(text);
  const exchange = record(response.status, parsed.ok ? parsed.value : text.slice(0, 500));
  if (!parsed.ok) {
    const kind = response.headers.get("content-type") ?? "no content type";
    throw new UnexpectedResponse(
      `${request.method} ${url} answered ${response.status} with invalid JSON (${kind}).`,
      exchange,
    );
  }
  return {
    exchange,
    contentType: response.headers.get("content-type") ?? "",
    location: response.headers.get("location"),
    retryAfter: response.headers.get("retry-after"),
    body: parsed.value,
  };
}

type Fetched =
  | { readonly ok: true; readonly response: Response; readonly text: string }
  | { readonly ok: false; readonly reason: string };

async function fetchText(request: ScimRequest, url: string, settings: Settings): Promise<Fetched> {
  const timeoutMs = settings.timeoutMs ?? 60_000;
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: settings.headersFor(request.body !== undefined),
      // A redirect is a response to check; the token must never be sent elsewhere.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      ...(request.body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(request.body)) }),
    });
    return { ok: true, response, text: await readBounded(response) };
  } catch (cause) {
    return { ok: false, reason: failure(cause, timeoutMs) };
  }
}

/** Reads a body as UTF-8 text. Errors: throws if it is longer than 32 MB; the rest is then left unread. */
async function readBounded(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > responseBytesMax) throw new Error("the answer is longer than 32 MB");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function failure(cause: unknown, timeoutMs: number): string {
  if (!(cause instanceof Error)) return "the connection failed";
  if (cause.name === "TimeoutError") return `nothing came within ${timeoutMs} ms`;
  const inner: unknown = cause.cause;
  const code = inner instanceof Error && "code" in inner && typeof inner.code === "string" ? inner.code : undefined;
  return code === undefined ? `the connection failed (${cause.message})` : `the connection failed (${code})`;
}

function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  if (text === "") return { ok: true, value: undefined };
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

function hidePassword(body: object): object {
  return "password" in body ? { ...body, password: "(hidden)" } : body;
}

/** Okta reads integer seconds only; for anything else it stops the job for five minutes (O-CON), which is a fault. */
function retryAfterMs(response: ScimResponse): number {
  if (response.retryAfter === null || !/^\d{1,9}$/.test(response.retryAfter)) {
    const { method, url } = response.exchange;
    throw new UnexpectedResponse(
      `${method} ${url} answered 429 without a Retry-After in whole seconds.`,
      response.exchange,
    );
  }
  return Number(response.retryAfter) * 1000;
}

function throttled(response: ScimResponse, pauseMs: number): UnexpectedResponse {
  const { method, url, responseBody } = response.exchange;
  const detail = isDetailed(responseBody) ? ` It says: ${responseBody.detail}` : "";
  const sentence = `${method} ${url} answered 429 and asks to wait ${pauseMs / 1000} s, longer than this run waits.`;
  return new UnexpectedResponse(sentence + detail, response.exchange);
}

function isDetailed(body: unknown): body is { readonly detail: string } {
  return typeof body === "object" && body !== null && "detail" in body && typeof body.detail === "string";
}
