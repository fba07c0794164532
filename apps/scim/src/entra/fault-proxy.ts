import { text } from "node:stream/consumers";
import { forward, listening, type OtherServer, type ForwardedResponse, sendForwarded } from "../okta/other-server.ts";

/** The requests that the fault applies to: method, address (decoded) and body. */
export type RequestMatch = { readonly method: string; readonly path: RegExp; readonly body?: RegExp };
/** A fault: returns a response of its own, or passes the request, possibly with another body, to the service. */
export type Fault = (
  body: string,
  passOn: (body: string) => Promise<ForwardedResponse>,
) => Promise<ForwardedResponse> | ForwardedResponse;

/** Starts a proxy in front of the service that applies the fault to matching requests and forwards all others. */
export function faultProxy(baseUrl: string, about: RequestMatch, fault: Fault): Promise<OtherServer> {
  return listening((req, res) => {
    const respond = async (): Promise<void> => {
      const body = await text(req);
      const passOn = (changed: string): Promise<ForwardedResponse> => forward(baseUrl, req, changed);
      const isAbout =
        req.method === about.method &&
        about.path.test(decodeURIComponent(req.url ?? "")) &&
        (about.body === undefined || about.body.test(body));
      sendForwarded(res, await (isAbout ? fault(body, passOn) : passOn(body)));
    };
    void respond();
  });
}

const headers = { "Content-Type": "application/scim+json" };

/** Reports success without forwarding the request. */
export const respondsWith =
  (status: number, body?: object): Fault =>
  () => ({ status, headers, body: body === undefined ? "" : JSON.stringify(body) });

/** Refuses a valid request. */
export const refuses = (status: number, detail = "No."): Fault =>
  respondsWith(status, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(status),
    detail,
  });

/** Forwards the request and edits the body of the response. */
export const editsResponse =
  (edit: (body: string) => string): Fault =>
  async (body, passOn) => {
    const forwarded = await passOn(body);
    return { ...forwarded, body: edit(forwarded.body) };
  };

/** Forwards the request with an edited body. */
export const editsRequest =
  (edit: (body: string) => string): Fault =>
  (body, passOn) =>
    passOn(edit(body));

/** Replaces an empty list with the last list that had resources, as a stale cache does. */
export function repeatsLast(): Fault {
  let last: ForwardedResponse | undefined;
  return async (body, passOn) => {
    const forwarded = await passOn(body);
    const isEmpty = forwarded.body.includes('"totalResults":0');
    if (isEmpty) return last ?? forwarded;
    last = forwarded;
    return forwarded;
  };
}

/** Applies the fault to the nth of these requests only, counted from 1. */
export function onlyOn(nth: number, fault: Fault): Fault {
  let calls = 0;
  return (body, passOn) => {
    calls += 1;
    return calls === nth ? fault(body, passOn) : passOn(body);
  };
}

/** Reports a refused create as successful. */
export const acceptsEverything: Fault = async (body, passOn) => ({ ...(await passOn(body)), status: 201 });
