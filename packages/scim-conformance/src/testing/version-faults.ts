import {
  anyEndpoint,
  anyResource,
  requestOf,
  changingList,
  setHeader,
  setStatus,
  status,
  when,
  withMeta,
  type Fault,
  type Faults,
  type ProxyRequest,
} from "./fault.ts";

let count = 0;

/** Changes the ETag of a response; undefined removes it. */
function etag(method: string, path: RegExp, change: (etag: string) => string | undefined): Fault {
  return when(requestOf(method, path), (exchange) =>
    setHeader("etag", change(exchange.response.headers["etag"] ?? ""))(exchange),
  );
}

/** Changes a header of the request; undefined removes it. */
function asking(name: string, change: (value: string) => string | undefined): Fault {
  return {
    request: (request: ProxyRequest) => {
      const value = request.headers[name];
      const changed = value === undefined ? undefined : change(value);
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([other]) => other !== name));
      return { ...request, headers: changed === undefined ? headers : { ...headers, [name]: changed } };
    },
  };
}

export const versionFaults = {
  // A version that does not tell what it should.
  "a GET without an ETag": etag("GET", anyResource, () => undefined),
  "an ETag that differs from meta.version": etag("GET", anyResource, () => '"bytes-only"'),
  "a POST without an ETag": etag("POST", anyEndpoint, () => undefined),
  "a PUT without an ETag": etag("PUT", anyResource, () => undefined),
  "a version of a write that no GET returns": etag("GET", anyResource, (etag) => etag.replace(/"$/, '+"')),
  "a version without quotes": etag("GET", anyResource, (etag) => etag.replaceAll('"', "")),
  "a list without versions": changingList(requestOf("GET", anyEndpoint), (list) =>
    list.map((resource) => withMeta(resource, { version: undefined })),
  ),
  "another version at every read": etag("GET", anyResource, () => {
    count += 1;
    return `W/"${count}"`;
  }),
  "a version that never changes": etag("GET", anyResource, () => 'W/"1"'),
  // A condition that is not looked at, or looked at wrongly.
  "a service that ignores If-None-Match": asking("if-none-match", () => undefined),
  "an If-None-Match of which the first version counts": asking("if-none-match", (value) => value.replace(/,.*/, "")),
  "a star in If-None-Match that is a version": asking("if-none-match", () => '"*"'),
  "a 304 without an ETag": when(status(304), setHeader("etag", undefined)),
  "a 304 for every If-None-Match": when(
    (exchange) => exchange.request.headers["if-none-match"] !== undefined,
    ({ response }) => ({ ...response, status: 304, text: "" }),
  ),
  "a service that ignores If-Match": asking("if-match", () => undefined),
  "a 409 for an outdated version": when(status(412), setStatus(409)),
  "a 412 for every If-Match": when(({ request }) => request.headers["if-match"] !== undefined, setStatus(412)),
  "a star in If-Match that is a version": asking("if-match", (value) => (value === "*" ? '"*"' : value)),
  "an If-Match of which the first version counts": asking("if-match", (value) => value.replace(/,.*/, "")),
} satisfies Faults;
