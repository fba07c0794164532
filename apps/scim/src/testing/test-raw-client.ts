import { connect } from "node:net";
import { z } from "zod";

/** A raw response; `headers` by lower-case name. */
export type RawResponse = {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly durationMs: number;
};

/** A request under full control of the test. `path` is the whole target; header values are latin1. */
export type RawRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array | undefined;
};

const responseTimeoutMs = 30_000;

/** Sends one request unchanged, with the right length unless the headers contain one. For tests only. */
export async function sendRequest(port: number, request: RawRequest): Promise<RawResponse> {
  const { method, path, headers, body } = request;
  const isLengthSaid = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const length = body === undefined || isLengthSaid ? [] : [["Content-Length", String(body.length)]];
  const lines = [["Host", "scim.test"], ["Connection", "close"], ...length, ...headers].map((line) => line.join(": "));
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`, "latin1");
  const [response] = await sendBytes(port, body === undefined ? head : Buffer.concat([head, body]), method === "HEAD");
  if (response === undefined) throw new Error(`There is no response to ${method} ${path.slice(0, 200)}.`);
  return response;
}

/** Sends raw bytes and reads every response until the connection ends; 100 Continue is left out. For tests only. */
export function sendBytes(port: number, bytes: Uint8Array | string, isHead = false): Promise<readonly RawResponse[]> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => void socket.write(bytes));
    socket.setTimeout(responseTimeoutMs, () => socket.destroy(new Error("No answer in time.")));
    socket.on("data", (chunk: Buffer) => void chunks.push(chunk));
    // A server may close before it has read all of a bad request; its response counts.
    socket.on("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ECONNRESET" && cause.code !== "EPIPE") reject(cause);
    });
    socket.on("close", () => {
      try {
        resolve(readResponses(Buffer.concat(chunks), performance.now() - started, isHead));
      } catch (cause) {
        reject(cause);
      }
    });
  });
}

function readResponses(bytes: Buffer, durationMs: number, isHead: boolean): readonly RawResponse[] {
  const responses: RawResponse[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const headEnd = rest.indexOf("\r\n\r\n");
    if (headEnd === -1) throw new Error(`This is no response: ${rest.toString("latin1").slice(0, 200)}`);
    const [first = "", ...lines] = rest.subarray(0, headEnd).toString("latin1").split("\r\n");
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
    );
    // A request that Node cannot parse gets a response with a body: Node does not know that it was a HEAD.
    const isWithoutBody =
      isHead &&
      /^(?:HTTP\/|$)/.test(
        rest
          .subarray(headEnd + 4)
          .toString("latin1")
          .slice(0, 5),
      );
    const sent = rest.subarray(headEnd + 4);
    const length = isWithoutBody ? 0 : Number(headers.get("content-length") ?? 0);
    const isChunked = !isWithoutBody && headers.get("transfer-encoding") === "chunked";
    const [body, end] = isChunked ? readChunks(sent) : [sent.subarray(0, length), length];
    const text = body.toString("utf8");
    rest = sent.subarray(end);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
    if (status !== 100) responses.push({ status, headers, text, durationMs });
  }
  return responses;
}

/** The body in chunks (RFC 9112 section 7.1), and its length with their heads. */
function readChunks(bytes: Buffer): readonly [Buffer, number] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) throw new Error("The response ends within its body.");
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const start = lineEnd + 2;
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
    if (size === 0) return [Buffer.concat(chunks), at];
  }
}

const errorShape = z.strictObject({
  schemas: z.tuple([z.literal("urn:ietf:params:scim:api:messages:2.0:Error")]),
  status: z.string(),
  scimType: z.string().optional(),
  detail: z.string().min(1),
});

/** The reason why a response of 400 or more is not a SCIM error (RFC 7644 section 3.12); undefined if it is one. */
export function problemOfError(response: RawResponse, isHead = false): string | undefined {
  if (response.headers.get("content-type") !== "application/scim+json") return "its media type";
  if (!/^[0-9a-f-]{36}$/.test(response.headers.get("x-request-id") ?? "")) return "its request id";
  if (isHead && response.text === "") return undefined;
  const error = errorShape.safeParse(JSON.parse(response.text));
  if (!error.success) return error.error.message;
  return error.data.status === String(response.status) ? undefined : "its status";
}
