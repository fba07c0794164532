import {
  startFaultProxy,
  type FaultProxy,
  type Handler,
  type ProxyRequest,
  type ProxyResponse,
} from "@rollcall/scim-conformance/testing/fault-proxy";

/** Selects requests by method, decoded path with query, and body. */
export type RequestMatch = { readonly method: string; readonly path: RegExp; readonly body?: RegExp | undefined };

/** Applies the handler to matching requests and forwards all others. */
export function onlyFor({ method, path, body }: RequestMatch, handler: Handler): Handler {
  return (request, send) => {
    const query = [...request.query].map(([name, value]) => `${name}=${value}`).join("&");
    const address = decodeURIComponent(request.path) + (query === "" ? "" : `?${query}`);
    const isMatch = request.method === method && path.test(address) && (body === undefined || body.test(request.text));
    return isMatch ? handler(request, send) : send(request);
  };
}

/** Applies the handler to the nth request only, counted from 1. */
export function onlyOn(nth: number, handler: Handler): Handler {
  let requests = 0;
  return (request, send) => {
    requests += 1;
    return requests === nth ? handler(request, send) : send(request);
  };
}

/** Responds without forwarding the request. */
export function respondsWith(status: number, body?: object): Handler {
  const text = body === undefined ? "" : JSON.stringify(body);
  return () => ({ status, headers: { "content-type": "application/scim+json" }, text });
}

/** Refuses a valid request. */
export function refuses(status: number, detail = "No."): Handler {
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  return respondsWith(status, { schemas, status: String(status), detail });
}

/** Forwards the request and edits the response. */
export function editsResponse(edit: (response: ProxyResponse) => Partial<ProxyResponse>): Handler {
  return async (request, send) => {
    const response = await send(request);
    return { ...response, ...edit(response) };
  };
}

/** Forwards the request with an edited body. */
export function editsRequest(edit: (text: string) => string): Handler {
  return (request: ProxyRequest, send) => send({ ...request, text: edit(request.text) });
}

/** Forwards the request, and refuses it all the same. */
export function doesAndRefuses(status: number, detail: string): Handler {
  return async (request, send) => {
    await send(request);
    return refuses(status, detail)(request, send);
  };
}

/** Replaces an empty list with the last list that had resources, as a stale cache does. */
export function repeatsLast(): Handler {
  let last: ProxyResponse | undefined;
  return editsResponse((response) => {
    if (response.text.includes('"totalResults":0')) return last ?? response;
    last = response;
    return response;
  });
}

/** A server that returns this response to every request. */
export function fixedResponse(status: number, body: object): Promise<FaultProxy> {
  return startFaultProxy("", respondsWith(status, body));
}

/** A proxy that returns 500 to the nth request of this method to /Groups. */
export function failingOnce(baseUrl: string, method: string, nth: number): Promise<FaultProxy> {
  const fails: Handler = () => ({ status: 500, headers: {}, text: "" });
  return startFaultProxy(baseUrl, onlyFor({ method, path: /^\/Groups/ }, onlyOn(nth, fails)));
}
