import { isObject, type JsonObject } from "../json.ts";
import {
  anyGroup,
  anyResource,
  anyUser,
  bodyOf,
  requestOf,
  changeBody,
  isRequest,
  setHeader,
  when,
  without,
  type Exchange,
  type Faults,
  type ProxyResponse,
} from "./fault.ts";
import {
  accepting,
  moving,
  ignoring,
  refusing,
  sending,
  showing,
  statusInstead,
  withoutScimType,
} from "./fault-kinds.ts";

export const replacingFaults = {
  // The wrong response to a PUT.
  "a 204 for a PUT": statusInstead("PUT", anyResource, 200, 204),
  "a PUT that returns only what it was sent": showing("PUT", anyUser, (_user, sent) => sent),
  "a PUT whose response is text/plain": when(requestOf("PUT", anyResource), setHeader("content-type", "text/plain")),
  "a PUT that makes the user a new one": moving("PUT", anyUser, "created"),
  "a PUT that takes the id of the body": showing("PUT", anyUser, (user, sent) => ({
    ...user,
    id: sent["id"] ?? user["id"],
  })),
  "a PUT that shows everything whatever is asked for": {
    request: (request) => (isRequest(request, "PUT", anyUser) ? { ...request, query: new URLSearchParams() } : request),
  },
  // A PUT that does something else than it should.
  "a PUT that succeeds and does nothing": ignoring("PUT", anyResource),
  "a PUT that only adds": {
    request: (request) => {
      if (!isRequest(request, "PUT", anyUser)) return request;
      const value = Object.fromEntries(Object.entries(bodyOf(request)).filter(([, member]) => member !== null));
      return { ...request, method: "PATCH", text: JSON.stringify({ Operations: [{ op: "add", value }] }) };
    },
  },
  "a lastModified that every PUT of a user moves": moving("GET", anyUser, "lastModified"),
  "a PUT of a group that moves lastModified": moving("GET", anyGroup, "lastModified"),
  "a meta of the client's": moving("GET", anyUser, "created"),
  "a PUT of a user with no groups that empties the group": {
    response: async ({ request, response, send }) => {
      if (!isRequest(request, "GET", anyGroup)) return response;
      const { text } = changeBody((group) => ({ ...group, members: [] }))({ request, response });
      const headers = { ...request.headers, "content-type": "application/json" };
      return send({ ...request, method: "PUT", headers, text });
    },
  },
  "a PUT that leaves active as it is": sending("PUT", anyUser, (body) => without(body, "active")),
  "a PUT of a group that leaves its members alone": sending("PUT", anyGroup, (body) => without(body, "members")),
  // A PUT that is too strict or not strict enough, or does not say why.
  "a PUT that is never refused": accepting("PUT", anyResource),
  "a PUT of an endpoint": accepting("PUT", /^\/Users$/),
  "a PUT that creates a resource": { response: createInstead },
  "a 400 for a PUT to an unknown id": statusInstead("PUT", anyResource, 404, 400),
  "a refused PUT without a scimType": withoutScimType("PUT", anyResource),
  "a refused PUT of a user that is half done": {
    response: (exchange) => doHalf(exchange, anyUser, { displayName: "half" }),
  },
  "a refused PUT of a group that sets the known members": {
    response: (exchange) => doHalf(exchange, anyGroup, { members: [] }),
  },
  "a 4xx for a PUT with unknown attributes": refusing("PUT", anyUser, (body) => "shoeSize" in body),
  "a PUT whose names are case-sensitive": refusing("PUT", anyUser, (body) => !("userName" in body)),
  "a PUT that refuses the own userName in another letter case": refusing(
    "PUT",
    anyUser,
    ({ userName }) => String(userName).toUpperCase() === userName,
  ),
  "a PUT that is refused where attributes are chosen": refusing("PUT", anyUser, (_body, request) =>
    request.query.has("attributes"),
  ),
  "a PUT that is refused where attributes are hidden": refusing("PUT", anyUser, (_body, request) =>
    request.query.has("excludedAttributes"),
  ),
} satisfies Faults;

/** Creates a group by POST; of a user shows only that there is one, because there is no sixth person. */
async function createInstead({ request, response, send }: Exchange): Promise<ProxyResponse> {
  if (isRequest(request, "PUT", anyGroup) && response.status === 404) {
    await send({ ...request, method: "POST", path: "/Groups" });
    return response;
  }
  if (!isRequest(request, "GET", /^\/Users$/)) return response;
  return { ...response, text: JSON.stringify({ totalResults: 1, Resources: [{ id: "1" }] }) };
}

/** Changes the resource although the PUT was refused. */
async function doHalf({ request, response, send }: Exchange, path: RegExp, half: JsonObject): Promise<ProxyResponse> {
  if (!isRequest(request, "PUT", path) || response.status < 400) return response;
  const read: unknown = JSON.parse((await send({ ...request, method: "GET", text: "" })).text);
  const body = { ...(isObject(read) ? read : bodyOf(request)), ...half };
  await send({ ...request, text: JSON.stringify(body) });
  return response;
}
