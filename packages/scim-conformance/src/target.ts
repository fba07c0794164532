import type { Cast } from "./cast.ts";
import type { Features } from "./feature.ts";
import type { ScimResponse, ScimRequest, Client } from "./http-client.ts";

type Headers = Readonly<Record<string, string | undefined>>;
type Query = Readonly<Record<string, string | number>>;

/** The service as a check sees it: requests, what it offers, and the cast. */
export type Target = {
  readonly features: Features;
  readonly cast: Cast;
  /** Any request; the common ones have a function of their own. */
  readonly send: (request: ScimRequest) => Promise<ScimResponse>;
  readonly get: (path: string, query?: Query, headers?: Headers) => Promise<ScimResponse>;
  readonly post: (path: string, body: object | string, headers?: Headers) => Promise<ScimResponse>;
  readonly put: (path: string, body: object | string, headers?: Headers) => Promise<ScimResponse>;
  readonly patch: (path: string, body: object | string, headers?: Headers) => Promise<ScimResponse>;
  readonly delete: (path: string, headers?: Headers) => Promise<ScimResponse>;
};

export function openTarget(client: Client, features: Features, cast: Cast): Target {
  const { send } = client;
  return {
    features,
    cast,
    send,
    get: (path, query = {}, headers = {}) => send({ method: "GET", path: `${path}${printQuery(query)}`, headers }),
    post: (path, body, headers = {}) => send({ method: "POST", path, body, headers }),
    put: (path, body, headers = {}) => send({ method: "PUT", path, body, headers }),
    patch: (path, body, headers = {}) => send({ method: "PATCH", path, body, headers }),
    delete: (path, headers = {}) => send({ method: "DELETE", path, headers }),
  };
}

function printQuery(query: Query): string {
  const parts = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
