import {
  anyEndpoint,
  anyResource,
  anyUser,
  requestOf,
  changingList,
  isRequest,
  withMeta,
  type Fault,
  type Faults,
} from "./fault.ts";
import { accepting, moving, refusing, showing, statusInstead } from "./fault-kinds.ts";

/** The header by which the response is known to be that of a DELETE. */
const mark = "x-was-delete";

/** Sends another request in place of a DELETE, and responds as if the DELETE had been done. */
function insteadOfDelete(path: RegExp, method: string, text: string): Fault {
  return {
    request: (request) => {
      if (!isRequest(request, "DELETE", path)) return request;
      const headers = { ...request.headers, [mark]: "yes", "content-type": "application/scim+json" };
      return { ...request, method, text, headers };
    },
    response: ({ request, response }) =>
      request.headers[mark] === undefined || response.status >= 400 ? response : { ...response, status: 204, text: "" },
  };
}

export const deletingFaults = {
  // A DELETE that does less or more than it should.
  "a 200 for a DELETE": statusInstead("DELETE", anyResource, 204, 200),
  "a DELETE that succeeds and does nothing": insteadOfDelete(anyResource, "GET", ""),
  "a DELETE of a user that only deactivates": insteadOfDelete(
    anyUser,
    "PATCH",
    '{"Operations":[{"op":"replace","path":"active","value":false}]}',
  ),
  "a 204 for a DELETE of nothing": statusInstead("DELETE", anyResource, 404, 204),
  "a 200 for a PUT of a deleted resource": statusInstead("PUT", anyResource, 404, 200),
  "a 204 for a PATCH of a deleted resource": statusInstead("PATCH", anyResource, 404, 204),
  "a 410 for a deleted resource": statusInstead("GET", anyResource, 404, 410),
  "a list that still shows a deleted resource": changingList(requestOf("GET", anyEndpoint), (resources) => [
    ...resources,
    { id: "gone" },
  ]),
  "people who are deactivated along with their group": showing("GET", anyUser, (user) => ({ ...user, active: false })),
  "a userName that stays taken": refusing("POST", /^\/Users$/),
  "a DELETE of an endpoint": accepting("DELETE", anyEndpoint),
  // A `meta` that says something else than what was done.
  "a new resource that was modified before it was created": showing("POST", anyEndpoint, (group) =>
    withMeta(group, { lastModified: "2001-01-01T00:00:00Z" }),
  ),
  "a created in another form": showing("POST", anyEndpoint, (group) => {
    const today = new Date().toUTCString();
    return withMeta(group, { created: today, lastModified: today });
  }),
  "a created of long ago": showing("POST", anyEndpoint, (group) =>
    withMeta(group, { created: "2001-01-01T00:00:00Z", lastModified: "2001-01-01T00:00:00Z" }),
  ),
  "a resourceType in lower case": showing("POST", anyEndpoint, (group) => withMeta(group, { resourceType: "group" })),
  "a resourceType that is the endpoint": showing("PUT", anyResource, (user) =>
    withMeta(user, { resourceType: "Users" }),
  ),
  "a lastModified that nothing moves": showing("GET", anyResource, (resource) =>
    withMeta(resource, { lastModified: "2026-01-01T00:00:00Z" }),
  ),
  "a created that moves along with lastModified": moving("GET", anyResource, "created"),
  "a lastModified that a refused write moves": moving("GET", anyResource, "lastModified"),
  "an address that changes with the name": showing("GET", anyResource, (resource) =>
    withMeta(resource, { location: String(resource["displayName"]) }),
  ),
} satisfies Faults;
