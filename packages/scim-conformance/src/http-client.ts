type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type ScimRequest = {
  readonly method: Method;
  /** Begins with a slash and stands below the base URL; a query is already encoded. */
  readonly path: string;
  /** Header names in lower case. They replace the client's own; undefined takes one away, `authorization` too. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string;
};

/** A response of any status. `body` is the parsed JSON; undefined if there is none or it is invalid. */
export type ScimResponse = {
  readonly request: ScimRequest;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
};

export type Client = {
  readonly send: (request: ScimRequest) => Promise<ScimResponse>;
  /** The same client whose requests end with this signal. */
  readonly within: (signal: AbortSignal) => Client;
  /** How many requests that may have changed something were sent so far. */
  readonly writes: () => number;
};

export type ClientOptions = {
  /** The SCIM base URL; slashes at its end do not count. */
  readonly baseUrl: string;
  readonly token: string;
  /** For one request, its response included. Default 10 seconds. */
  readonly timeoutMs?: number | undefined;
};

const responseBytesMax = 16 * 1024 * 1024;
const throttleTriesMax = 5;
const throttleWaitMaxS = 5;

/**
 * A client of one service. It repeats a request after a 429 with a Retry-After of a few seconds; one with a longer time is
 * returned. Throws if there is no response, it is too large, or the token is not valid in a header.
 */
export function openClient({ baseUrl, token, timeoutMs = 10_000 }: ClientOptions): Client {
  const base = baseUrl.replace(/\/+$/, "");
  let writes = 0;
  const within = (signal: AbortSignal | undefined): Client => ({
    send: async (request) => {
      if (mayChange(request)) writes += 1;
      for (let tries = 1; ; tries += 1) {
        signal?.throwIfAborted();
        const limit = AbortSignal.timeout(timeoutMs);
        const response = await sendOnce(
          base,
          token,
          request,
          signal === undefined ? limit : AbortSignal.any([limit, signal]),
        );
        const waitS = retryAfterS(response);
        if (waitS === undefined || tries === throttleTriesMax) return response;
        await pause(waitS * 1000);
      }
    },
    within,
    writes: () => writes,
  });
  return within(undefined);
}

async function sendOnce(base: string, token: string, request: ScimRequest, signal: AbortSignal): Promise<ScimResponse> {
  const url = `${base}${request.path}`;
  const headers = new Headers({ accept: "application/scim+json", authorization: `Bearer ${token}` });
  if (request.body !== undefined) headers.set("content-type", "application/scim+json");
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  const text = typeof request.body === "object" ? JSON.stringify(request.body) : request.body;
  // As bytes, so that fetch adds no content type of its own. A redirect is a response to judge, never to follow.
  const body = text === undefined ? {} : { body: new TextEncoder().encode(text) };
  try {
    const fetched = await fetch(url, { method: request.method, headers, redirect: "manual", signal, ...body });
    const responseText = await readBounded(fetched);
    const { status, headers: responseHeaders } = fetched;
    return { request, url, status, headers: responseHeaders, text: responseText, body: parse(responseText) };
  } catch (cause) {
    const reason = cause instanceof Error ? reasonOf(cause) : String(cause);
    throw new Error(`${request.method} ${url} received no response: ${reason}.`, { cause });
  }
}

async function readBounded(fetched: Response): Promise<string> {
  if (fetched.body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of fetched.body) {
    bytes += chunk.byteLength;
    if (bytes > responseBytesMax) throw new Error(`the answer is longer than ${responseBytesMax / 1024 / 1024} MiB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mayChange(request: ScimRequest): boolean {
  return request.method !== "GET" && !request.path.endsWith("/.search");
}

function retryAfterS(response: ScimResponse): number | undefined {
  const text = response.headers.get("retry-after") ?? "";
  if (response.status !== 429 || !/^\d{1,4}$/.test(text)) return undefined;
  return Number(text) > throttleWaitMaxS ? undefined : Number(text);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function reasonOf(cause: Error): string {
  const inner: unknown = cause.cause;
  return inner instanceof Error && inner.message !== "" ? `${cause.message} (${inner.message})` : cause.message;
}
