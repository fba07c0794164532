import {
  requestOf,
  changingBody,
  error,
  setHeader,
  setStatus,
  status,
  when,
  without,
  type Exchange,
  type Faults,
  type ProxyResponse,
} from "./fault.ts";

const refusal = status(400, 401, 404, 405, 409, 415, 501);
const nothing: ProxyResponse = { status: 204, headers: {}, text: "" };

function isRefused({ response }: Exchange): boolean {
  return response.status >= 400;
}

function hasType(type: RegExp): (exchange: Exchange) => boolean {
  return ({ request }) => type.test(request.headers["content-type"] ?? "");
}

export const refusalFaults = {
  "a 403 for an unknown client": when(status(401), setStatus(403)),
  "an empty list for an unknown client": when(status(401), () => ({
    ...error(200),
    text: '{"totalResults":0,"itemsPerPage":0,"Resources":[]}',
  })),
  "a 401 without WWW-Authenticate": when(status(401), setHeader("www-authenticate", undefined)),
  "an unknown id that is reported before the token is checked": when(requestOf("GET", /no-such-id$/), () => error(404)),
  "a PATCH without authentication": when(requestOf("PATCH", /^\/Users/), () => nothing),
  "a refusal without a schema": changingBody(refusal, (body) => without(body, "schemas")),
  "a status that is a number": changingBody(refusal, (body) => ({ ...body, status: Number(body["status"]) })),
  "an error without a detail": changingBody(refusal, (body) => without(body, "detail")),
  "a scimType outside the RFCs": changingBody(refusal, (body) => ({ ...body, scimType: "badRequest" })),
  "a refusal as plain JSON": when(refusal, setHeader("content-type", "application/json")),
  "invalid JSON that is invalidValue": changingBody(status(400), (body) => ({
    ...body,
    scimType: "invalidValue",
  })),
  "a 400 for an id of another form": when(
    ({ request, response }) => response.status === 404 && request.path.endsWith("/0"),
    () => error(400),
  ),
  "an id that is found whatever its type": {
    response: async ({ request, response, send }) => {
      if (response.status !== 404) return response;
      const [from, to] = request.path.startsWith("/Users/") ? ["/Users/", "/Groups/"] : ["/Groups/", "/Users/"];
      return send({ ...request, path: request.path.replace(from, to) });
    },
  },
  "the web server's own page for an unknown endpoint": when(requestOf("DELETE", /^\/Toasters/), () => ({
    status: 404,
    headers: { "content-type": "text/html" },
    text: "<h1>Not found</h1>",
  })),
  "a DELETE of a whole list that is granted": when(requestOf("DELETE", /^\/Groups$/), () => nothing),
  "a POST to a resource that is granted": when(requestOf("POST", /^\/Groups\/./), () => nothing),
  "a 405 without Allow": when(status(405), setHeader("allow", undefined)),
  "a /Me that breaks": when(requestOf("GET", /^\/Me$/), () => error(500)),
  "a /Me that can be deleted but not read": when(requestOf("DELETE", /^\/Me$/), () => nothing),
  "responses as plain JSON": when(status(200), setHeader("content-type", "application/json")),
  "a charset behind SCIM's media type": when(
    status(200),
    setHeader("content-type", "application/scim+json; charset=utf-8"),
  ),
  "a 406 for a client that accepts JSON": when(
    ({ request }) => request.headers["accept"] === "application/json",
    () => error(406),
  ),
  "JSON with the media type of a text": when(status(200), setHeader("content-type", "text/plain")),
  "a service that does not know SCIM's media type": when(hasType(/^application\/scim\+json$/), () => error(415)),
  "a service that takes nothing but SCIM's media type": when(hasType(/^application\/json/), () => error(415)),
  "a service that compares the media type with its parameters": when(hasType(/;/), () => error(415)),
  "a body that is accepted and not read": {
    request: (request) =>
      request.method === "PUT" ? { ...request, text: request.text.replace("Known by its type", "") } : request,
  },
  "JSON that is read under any media type": {
    request: (request) =>
      request.headers["content-type"] === "text/plain"
        ? { ...request, headers: { ...request.headers, "content-type": "application/json" } }
        : request,
  },
  "a 400 for another media type": when(status(415), () => error(400)),
  "responses whose UTF-8 is encoded twice": {
    response: ({ response }) => ({ ...response, text: Buffer.from(response.text, "utf8").toString("latin1") }),
  },
  "a body whose letters beyond ASCII are lost": {
    request: (request) => ({ ...request, text: request.text.replace(/[^\x20-\x7e]/g, "?") }),
  },
  // A refusal in another form than SCIM's.
  "an error page in HTML": when(isRefused, (exchange) => ({
    ...setHeader("content-type", "text/html")(exchange),
    text: "<h1>No</h1>",
  })),
  "an error of the type application/json": when(isRefused, setHeader("content-type", "application/json")),
  "an error whose status is a number": changingBody(isRefused, (body) => ({ ...body, status: Number(body["status"]) })),
  "an error without its schema": changingBody(isRefused, (body) => without(body, "schemas")),
  "an error without a word": changingBody(isRefused, (body) => ({ ...body, detail: " " })),
  "a 500 for an error of the client": when(isRefused, setStatus(500)),
} satisfies Faults;
