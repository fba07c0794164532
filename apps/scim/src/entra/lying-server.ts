import { text } from "node:stream/consumers";
import { forward, listening, type OtherServer, type Passed, sendPassed } from "../okta/other-server.ts";

/** Which calls to lie about: of this method, to an address (decoded) and with a body that fit. */
export type LieAbout = { readonly method: string; readonly path: RegExp; readonly body?: RegExp };
/** A lie: `passOn` sends the call, with another body if wanted, to the service. */
export type Lie = (body: string, passOn: (body: string) => Promise<Passed>) => Promise<Passed> | Passed;

/** A server in front of the service that lies about some calls and passes all others on. */
export function lyingServer(baseUrl: string, about: LieAbout, lie: Lie): Promise<OtherServer> {
  return listening((req, res) => {
    const answer = async (): Promise<void> => {
      const body = await text(req);
      const passOn = (changed: string): Promise<Passed> => forward(baseUrl, req, changed);
      const isAbout =
        req.method === about.method &&
        about.path.test(decodeURIComponent(req.url ?? "")) &&
        (about.body === undefined || about.body.test(body));
      sendPassed(res, await (isAbout ? lie(body, passOn) : passOn(body)));
    };
    void answer();
  });
}

const headers = { "Content-Type": "application/scim+json" };

/** Says that it is done, and does nothing. */
export const pretends =
  (status: number, body?: object): Lie =>
  () => ({ status, headers, body: body === undefined ? "" : JSON.stringify(body) });

/** Refuses what is right. */
export const refuses = (status: number, detail = "No."): Lie =>
  pretends(status, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(status),
    detail,
  });

/** Does it, and answers with another text than the service's. */
export const answersWith =
  (edit: (body: string) => string): Lie =>
  async (body, passOn) => {
    const passed = await passOn(body);
    return { ...passed, body: edit(passed.body) };
  };

/** Does something else. */
export const does =
  (edit: (body: string) => string): Lie =>
  (body, passOn) =>
    passOn(edit(body));

/** Answers an empty list with the last one that held something, as a stale cache does. */
export function remembers(): Lie {
  let last: Passed | undefined;
  return async (body, passOn) => {
    const passed = await passOn(body);
    const isEmpty = passed.body.includes('"totalResults":0');
    if (isEmpty) return last ?? passed;
    last = passed;
    return passed;
  };
}

/** Lies about the nth of these calls only, counted from 1. */
export function onlyOn(nth: number, lie: Lie): Lie {
  let calls = 0;
  return (body, passOn) => {
    calls += 1;
    return calls === nth ? lie(body, passOn) : passOn(body);
  };
}

/** Does what it does and says that a refused create was done. */
export const neverRefuses: Lie = async (body, passOn) => ({ ...(await passOn(body)), status: 201 });
