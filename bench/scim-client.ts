import { Agent, request } from "node:http";

const timeoutMs = 30_000;
const bodyBytesMax = 5_000_000;

/** An answer as it came; `status` 0 means that there was none, and `text` says why. `ms` is the time to its last byte. */
export type Answer = {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly ms: number;
};

export type ScimClient = {
  send(method: string, path: string, body?: object): Promise<Answer>;
  close(): void;
};

/** A client that keeps `connections` connections open to `base` (`http://host:port/scim_v2`). Never throws. */
export function scimClient(base: string, authorization: string, connections: number): ScimClient {
  const url = new URL(base);
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connections,
    maxFreeSockets: connections,
    scheduling: "fifo",
  });
  const common = { accept: "application/scim+json", authorization, "user-agent": "rollcall-bench" };

  function send(method: string, path: string, body?: object): Promise<Answer> {
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers =
      payload === undefined
        ? common
        : { ...common, "content-type": "application/scim+json; charset=utf-8", "content-length": payload.length };
    const startedAt = performance.now();
    return new Promise((resolve) => {
      const fail = (cause: Error): void =>
        resolve({ status: 0, contentType: "", text: cause.message, ms: performance.now() - startedAt });
      const req = request(
        { host: url.hostname, port: url.port, method, path: url.pathname + path, headers, agent },
        (res) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          res.on("data", (chunk: Buffer) => {
            chunks.push(chunk);
            bytes += chunk.length;
            if (bytes > bodyBytesMax) res.destroy(new Error("the answer is too long"));
          });
          res.on("error", fail);
          res.on("end", () => {
            const ms = performance.now() - startedAt;
            const contentType = res.headers["content-type"] ?? "";
            resolve({ status: res.statusCode ?? 0, contentType, text: Buffer.concat(chunks).toString("utf8"), ms });
          });
        },
      );
      req.setTimeout(timeoutMs, () => req.destroy(new Error(`no answer in ${timeoutMs} ms`)));
      req.on("error", fail);
      req.end(payload);
    });
  }

  return { send, close: () => agent.destroy() };
}
