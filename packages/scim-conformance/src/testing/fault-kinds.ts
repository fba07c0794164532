import { isObject, type JsonObject } from "../json.ts";
import {
  anyResource,
  bodyOf,
  requestOf,
  changingBody,
  changingResources,
  isRequest,
  refused,
  setStatus,
  when,
  withMeta,
  without,
  type Fault,
  type ProxyRequest,
} from "./fault.ts";

/** Changes the request's query. */
export function querying(change: (query: URLSearchParams) => void): Fault {
  return {
    request: (request) => {
      const query = new URLSearchParams(request.query);
      change(query);
      return { ...request, query };
    },
  };
}

/** Ignores parameters of the query. */
export function withoutParameter(...names: readonly string[]): Fault {
  return querying((query) => names.forEach((name) => query.delete(name)));
}

/** Reads something in a parameter as something else. */
export function readAs(parameter: string, said: RegExp, read: string): Fault {
  return querying((query) => {
    const value = query.get(parameter);
    if (value !== null) query.set(parameter, value.replace(said, read));
  });
}

/** Reads a filter as if it said something else. */
export function filterReadAs(said: RegExp, read: string): Fault {
  return readAs("filter", said, read);
}

/** Changes the resources in the responses to requests of this method below these paths. */
export function showing(
  method: string,
  path: RegExp,
  change: (resource: JsonObject, sent: JsonObject) => JsonObject,
): Fault {
  return changingResources(requestOf(method, path), change);
}

/** Responds with `to` where the correct status is `from`. */
export function statusInstead(method: string, path: RegExp, from: number, to: number): Fault {
  return when(({ request, response }) => isRequest(request, method, path) && response.status === from, setStatus(to));
}

/** Responds with success to a request that the correct service refuses. */
export function accepting(method: string, path: RegExp): Fault {
  return when(refused(method, path), ({ response }) => ({ ...response, status: 200, text: "{}" }));
}

/** Refuses without a scimType. */
export function withoutScimType(method: string, path: RegExp): Fault {
  return changingBody(refused(method, path), (body) => without(body, "scimType"));
}

/** Changes the JSON body of requests of this method below these paths before the service sees it. */
export function sending(method: string, path: RegExp, change: (body: JsonObject) => JsonObject): Fault {
  return {
    request: (request) =>
      isRequest(request, method, path) ? { ...request, text: JSON.stringify(change(bodyOf(request))) } : request,
  };
}

/** Changes the operations of a PATCH. */
export function operating(change: (operations: readonly JsonObject[]) => readonly JsonObject[]): Fault {
  return sending("PATCH", anyResource, (body) => ({ ...body, Operations: change(operationsOf(body)) }));
}

/** Changes each operation of a PATCH. */
export function patching(change: (operation: JsonObject) => JsonObject): Fault {
  return operating((operations) => operations.map(change));
}

/** Refuses requests of this method below these paths, those with such a body where `isRefused` is given. */
export function refusing(
  method: string,
  path: RegExp,
  isRefused: (body: JsonObject, request: ProxyRequest) => boolean = () => true,
): Fault {
  const nothing = { method: "GET", path: "/Nothing", text: "" };
  return {
    request: (request) =>
      isRequest(request, method, path) && isRefused(bodyOf(request), request) ? { ...request, ...nothing } : request,
  };
}

/** Responds with success and does nothing: the service is sent a read instead. */
export function ignoring(method: string, path: RegExp): Fault {
  return {
    request: (request) => (isRequest(request, method, path) ? { ...request, method: "GET", text: "" } : request),
  };
}

export function operationsOf(body: JsonObject): readonly JsonObject[] {
  const operations = body["Operations"];
  return Array.isArray(operations) ? operations.filter(isObject) : [];
}

let seconds = 0;

/** Shows another time in this part of `meta` in every response. */
export function moving(method: string, path: RegExp, part: "created" | "lastModified"): Fault {
  return showing(method, path, (resource) => withMeta(resource, { [part]: anotherInstant() }));
}

function anotherInstant(): string {
  seconds += 1;
  return new Date(seconds * 1000).toISOString();
}
