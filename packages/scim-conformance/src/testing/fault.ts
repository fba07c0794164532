import { isObject, type JsonObject } from "../json.ts";

export type ProxyRequest = {
  readonly method: string;
  /** Below the base URL, with a slash in front and without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** Header names in lower case. */
export type ProxyResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

export type Exchange = {
  readonly request: ProxyRequest;
  readonly response: ProxyResponse;
  /** Sends another request to the service behind the proxy. */
  readonly send: (request: ProxyRequest) => Promise<ProxyResponse>;
};

/** A way in which a service may be wrong, applied by a proxy between the checks and a correct service. */
export type Fault = {
  readonly request?: (request: ProxyRequest) => ProxyRequest;
  readonly response?: (exchange: Exchange) => ProxyResponse | Promise<ProxyResponse>;
};

/** By what is wrong, as a noun: "a list whose numbers are texts". */
export type Faults = Readonly<Record<string, Fault>>;

type Test = (exchange: Exchange) => boolean;
type Change = (exchange: Pick<Exchange, "request" | "response">) => ProxyResponse;
type ObjectChange = (object: JsonObject) => JsonObject;

/** One resource, or the endpoint that creates them. */
export const anyUser = /^\/Users\/[^/]+$/;
export const anyGroup = /^\/Groups\/[^/]+$/;
export const anyResource = /^\/(?:Users|Groups)\/[^/]+$/;
export const anyEndpoint = /^\/(?:Users|Groups)$/;

/** Changes the responses of some exchanges. */
export function when(holds: Test, change: Change): Fault {
  return { response: (exchange) => (holds(exchange) ? change(exchange) : exchange.response) };
}

export function requestOf(method: string, path: RegExp): Test {
  return ({ request }) => isRequest(request, method, path);
}

export function isRequest(request: ProxyRequest, method: string, path: RegExp): boolean {
  return request.method === method && path.test(request.path);
}

/** A request that the correct service refuses. */
export function refused(method: string, path: RegExp): Test {
  return ({ request, response }) => isRequest(request, method, path) && response.status >= 400;
}

export function status(...statuses: readonly number[]): Test {
  return ({ response }) => statuses.includes(response.status);
}

export function filter(pattern: RegExp): Test {
  return ({ request }) => pattern.test(request.query.get("filter") ?? "");
}

/** Another body; one that is not a JSON object is left as it is. */
export function changeBody(change: (body: JsonObject, request: ProxyRequest) => JsonObject): Change {
  return ({ request, response }) => {
    const body: unknown = response.text === "" ? undefined : JSON.parse(response.text);
    return isObject(body) ? { ...response, text: JSON.stringify(change(body, request)) } : response;
  };
}

export function changingBody(holds: Test, change: (body: JsonObject, request: ProxyRequest) => JsonObject): Fault {
  return when(holds, changeBody(change));
}

/** Changes every resource: those of a list, or the only one. Errors are left as they are. */
export function changingResources(holds: Test, change: (resource: JsonObject, sent: JsonObject) => JsonObject): Fault {
  return changingBody(
    (exchange) => exchange.response.status < 300 && holds(exchange),
    (body, request) => {
      const changed = (resource: JsonObject): JsonObject => change(resource, bodyOf(request));
      const resources = body["Resources"];
      return Array.isArray(resources) ? { ...body, Resources: eachObject(resources, changed) } : changed(body);
    },
  );
}

/** Another list of resources; a body that is not a list is left as it is. */
export function changingList(holds: Test, change: (resources: readonly JsonObject[]) => readonly unknown[]): Fault {
  return changingBody(holds, (body) => {
    const resources = body["Resources"];
    return Array.isArray(resources) ? { ...body, Resources: change(resources.filter(isObject)) } : body;
  });
}

/** A list without any result. */
export const emptied = changeBody((body) => ({ ...body, totalResults: 0, itemsPerPage: 0, Resources: [] }));

export function setStatus(to: number): Change {
  return ({ response }) => ({ ...response, status: to });
}

/** Another header; undefined removes it. */
export function setHeader(name: string, value: string | undefined): Change {
  return ({ response }) => {
    const others = Object.entries(response.headers).filter(([other]) => other !== name);
    return { ...response, headers: Object.fromEntries(value === undefined ? others : [...others, [name, value]]) };
  };
}

/** An error in SCIM's form. */
export function error(status: number, scimType?: string): ProxyResponse {
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  const text = JSON.stringify({ schemas, status: String(status), scimType, detail: "This is refused by a fault." });
  return { status, headers: { "content-type": "application/scim+json" }, text };
}

/** The object without some of its members. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** The object with a member of a member changed, such as `meta.location`; undefined removes it. */
export function withInner(object: JsonObject, outer: string, inner: string, value: unknown): JsonObject {
  const held = object[outer];
  return { ...object, [outer]: { ...(isObject(held) ? held : {}), [inner]: value } };
}

/** The resource with some parts of its `meta` changed. */
export function withMeta(resource: JsonObject, meta: JsonObject): JsonObject {
  return Object.entries(meta).reduce((changed, [name, value]) => withInner(changed, "meta", name, value), resource);
}

/** An array's objects changed, the rest of it left as it is. */
export function eachObject(given: unknown, change: ObjectChange): readonly unknown[] {
  return Array.isArray(given) ? given.map((one: unknown) => (isObject(one) ? change(one) : one)) : [];
}

/** The JSON object that was sent; {} where there is none. */
export function bodyOf(request: ProxyRequest): JsonObject {
  try {
    const body: unknown = JSON.parse(request.text);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}
