import { isObject, without, withBody, withResources } from "./breakage.ts";
import type { Answered, Asked, Breakage, JsonObject } from "./breakage.ts";
import { withInner } from "./broken-answer.ts";
import { call, when } from "./exchange-match.ts";

type Answering = Pick<Breakage, "answer">;
type Sending = Pick<Breakage, "request">;

/** One resource, or the endpoint that creates them. */
export const anyUser = /^\/Users\/[^/]+$/;
export const anyGroup = /^\/Groups\/[^/]+$/;
export const anyResource = /^\/(?:Users|Groups)\/[^/]+$/;
export const anyEndpoint = /^\/(?:Users|Groups)$/;

/** Changes what is answered to calls of this method below these paths. */
export function answering(
  method: string,
  path: RegExp,
  change: (answered: Answered, asked: Asked) => Answered,
): Answering {
  return { answer: when(call(method, path), change) };
}

/** Changes the resources in the answers to calls of this method below these paths. */
export function showing(
  method: string,
  path: RegExp,
  change: (resource: JsonObject, sent: JsonObject) => JsonObject,
): Answering {
  return answering(method, path, (answered, asked) =>
    withResources(answered, (resource) => change(resource, bodyOf(asked))),
  );
}

/** Answers `to` where the honest status is `from`. */
export function statusInstead(method: string, path: RegExp, from: number, to: number): Answering {
  return answering(method, path, (answered) => (answered.status === from ? { ...answered, status: to } : answered));
}

/** Does as if it had done what the honest service refuses. */
export function accepting(method: string, path: RegExp): Answering {
  return answering(method, path, (answered) =>
    answered.status < 400 ? answered : { ...answered, status: 200, text: "{}" },
  );
}

/** Refuses without a scimType. */
export function withoutScimType(method: string, path: RegExp): Answering {
  return answering(method, path, (answered) =>
    answered.status < 400 ? answered : withBody(answered, (body) => without(body, "scimType")),
  );
}

/** Changes the JSON body of calls of this method below these paths before the service sees it. */
export function sending(method: string, path: RegExp, change: (body: JsonObject) => JsonObject): Sending {
  return {
    request: (asked) =>
      isCall(asked, method, path) ? { ...asked, text: JSON.stringify(change(bodyOf(asked))) } : asked,
  };
}

/** Changes each operation of a PATCH; undefined drops it. */
export function patching(change: (operation: JsonObject) => JsonObject | undefined): Sending {
  return sending("PATCH", anyResource, (body) => ({
    ...body,
    Operations: operationsOf(body).flatMap((operation) => change(operation) ?? []),
  }));
}

/** Refuses calls of this method below these paths, if what they ask is so. */
export function refusing(
  method: string,
  path: RegExp,
  isRefused: (body: JsonObject, asked: Asked) => boolean = () => true,
): Sending {
  const nothing = { method: "GET", path: "/Nothing", text: "" };
  return {
    request: (asked) =>
      isCall(asked, method, path) && isRefused(bodyOf(asked), asked) ? { ...asked, ...nothing } : asked,
  };
}

/** Answers with success and does nothing: the honest service is asked to read instead. */
export function ignoring(method: string, path: RegExp): Sending {
  return { request: (asked) => (isCall(asked, method, path) ? { ...asked, method: "GET", text: "" } : asked) };
}

export function isCall(asked: Asked, method: string, path: RegExp): boolean {
  return asked.method === method && path.test(asked.path);
}

/** The JSON object that was sent; {} where there is none. */
export function bodyOf(asked: Asked): JsonObject {
  try {
    const body: unknown = JSON.parse(asked.text);
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

export function operationsOf(body: JsonObject): readonly JsonObject[] {
  const operations = body["Operations"];
  return Array.isArray(operations) ? operations.filter(isObject) : [];
}

/** The resource with a `meta` in which some parts are others. */
export function withMeta(resource: JsonObject, meta: JsonObject): JsonObject {
  return Object.entries(meta).reduce((changed, [name, value]) => withInner(changed, "meta", name, value), resource);
}

let seconds = 0;

/** Another time whenever it is asked for. */
export function anotherInstant(): string {
  seconds += 1;
  return new Date(seconds * 1000).toISOString();
}
