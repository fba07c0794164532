type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type Call = {
  readonly method: Method;
  /** Begins with a slash and stands below the base URL; a query is already encoded. */
  readonly path: string;
  /** Header names in lower case. They replace the client's own; undefined takes one away, `authorization` too. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string;
};

/** An answer, whatever its status. `body` is the parsed JSON; undefined where there is none or it is no JSON. */
export type Answer = {
  readonly call: Call;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
};

export type Client = {
  readonly send: (call: Call) => Promise<Answer>;
  /** The same client whose calls end with this signal. */
  readonly within: (signal: AbortSignal) => Client;
  /** How many calls have been sent so far that may have changed something. */
  readonly writes: () => number;
};

export type ClientOptions = {
  /** The SCIM base URL; slashes at its end do not count. */
  readonly baseUrl: string;
  readonly token: string;
  /** For one call, its body included. Default 10 seconds. */
  readonly timeoutMs?: number | undefined;
};

const answerBytesMax = 16 * 1024 * 1024;
const throttleTriesMax = 5;
const throttleWaitMaxS = 5;

/**
 * Opens a line to a service. A 429 that asks for a few seconds is waited out, a longer one is an answer as any other.
 * Throws where no answer comes, where it is too large, and where the token cannot stand in a header.
 */
export function openClient({ baseUrl, token, timeoutMs = 10_000 }: ClientOptions): Client {
  const base = baseUrl.replace(/\/+$/, "");
  let writes = 0;
  const within = (signal: AbortSignal | undefined): Client => ({
    send: async (call) => {
      if (mayChange(call)) writes += 1;
      for (let tries = 1; ; tries += 1) {
        signal?.throwIfAborted();
        const limit = AbortSignal.timeout(timeoutMs);
        const answer = await sendOnce(
          base,
          token,
          call,
          signal === undefined ? limit : AbortSignal.any([limit, signal]),
        );
        const waitS = retryAfterS(answer);
        if (waitS === undefined || tries === throttleTriesMax) return answer;
        await pause(waitS * 1000);
      }
    },
    within,
    writes: () => writes,
  });
  return within(undefined);
}

async function sendOnce(base: string, token: string, call: Call, signal: AbortSignal): Promise<Answer> {
  const url = `${base}${call.path}`;
  const headers = new Headers({ accept: "application/scim+json", authorization: `Bearer ${token}` });
  if (call.body !== undefined) headers.set("content-type", "application/scim+json");
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  const text = typeof call.body === "object" ? JSON.stringify(call.body) : call.body;
  // As bytes, so that fetch adds no content type of its own. A redirect is an answer to judge, never to follow.
  const body = text === undefined ? {} : { body: new TextEncoder().encode(text) };
  try {
    const response = await fetch(url, { method: call.method, headers, redirect: "manual", signal, ...body });
    const answered = await readBounded(response);
    const { status, headers: answerHeaders } = response;
    return { call, url, status, headers: answerHeaders, text: answered, body: parse(answered) };
  } catch (cause) {
    const reason = cause instanceof Error ? reasonOf(cause) : String(cause);
    throw new Error(`${call.method} ${url} got no answer: ${reason}.`, { cause });
  }
}

async function readBounded(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > answerBytesMax) throw new Error(`the answer is longer than ${answerBytesMax / 1024 / 1024} MiB`);
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

function mayChange(call: Call): boolean {
  return call.method !== "GET" && !call.path.endsWith("/.search");
}

function retryAfterS(answer: Answer): number | undefined {
  const text = answer.headers.get("retry-after") ?? "";
  if (answer.status !== 429 || !/^\d{1,4}$/.test(text)) return undefined;
  return Number(text) > throttleWaitMaxS ? undefined : Number(text);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function reasonOf(cause: Error): string {
  const inner: unknown = cause.cause;
  return inner instanceof Error && inner.message !== "" ? `${cause.message} (${inner.message})` : cause.message;
}
