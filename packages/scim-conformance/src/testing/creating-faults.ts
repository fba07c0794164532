import type { JsonObject } from "../json.ts";
import {
  anyEndpoint,
  anyGroup,
  anyUser,
  bodyOf,
  requestOf,
  changingBody,
  setHeader,
  when,
  withMeta,
  without,
  type Faults,
} from "./fault.ts";
import { accepting, refusing, sending, showing, statusInstead, withoutScimType } from "./fault-kinds.ts";

const groups = /^\/Groups$/;
const users = /^\/Users$/;

function hasExtension(body: JsonObject): boolean {
  return Object.keys(body).some((name) => name.startsWith("urn:"));
}

export const creatingFaults = {
  // The wrong response to a POST.
  "a 200 for a POST": statusInstead("POST", anyEndpoint, 201, 200),
  "no Location after a POST": when(requestOf("POST", anyEndpoint), setHeader("location", undefined)),
  "a Location of the endpoint and not of the resource": when(
    requestOf("POST", anyEndpoint),
    setHeader("location", "/scim_v2/Groups"),
  ),
  "a meta.location without the id": showing("POST", groups, (group) => ({
    ...group,
    meta: { location: "https://scim.example/Groups/" },
  })),
  "a POST whose response is text/json": when(requestOf("POST", groups), setHeader("content-type", "text/json")),
  "a POST whose response has no members": showing("POST", groups, (group) => without(group, "members")),
  "a new group without schemas": showing("POST", groups, (group) => without(group, "schemas")),
  "the same id for every new group": showing("POST", groups, (group) => ({ ...group, id: "1" })),
  "a group under the id that the client sent": showing("POST", groups, (group, sent) => ({
    ...group,
    id: sent["id"] ?? group["id"],
  })),
  "a POST that shows everything whatever is asked for": {
    request: (request) => (request.method === "POST" ? { ...request, query: new URLSearchParams() } : request),
  },
  "a new password that is returned": showing("POST", users, (user, sent) => ({ ...user, password: sent["password"] })),
  "two primary email addresses": showing("POST", users, (user) => ({
    ...user,
    emails: [1, 2].map((number) => ({ value: `${number}@a.example`, primary: true })),
  })),
  "active as a text": showing("GET", anyUser, (user) => ({ ...user, active: "true" })),
  // A POST that keeps less, more or something else than it was sent.
  "a created of the client's": showing("GET", anyGroup, (group) =>
    withMeta(group, { created: "2001-01-01T00:00:00Z" }),
  ),
  "an externalId in lower case": sending("POST", groups, (body) => ({
    ...body,
    externalId: String(body["externalId"]).toLowerCase(),
  })),
  "texts in ASCII only": sending("POST", groups, (body) => ({
    ...body,
    displayName: String(body["displayName"]).replaceAll(/[^ -~]/g, "?"),
  })),
  "a POST that drops the members": sending("POST", groups, (body) => without(body, "members")),
  "members that are groups": showing("GET", anyGroup, (group) => ({
    ...group,
    members: [{ value: "1", type: "Group", $ref: "/Groups/1" }],
  })),
  "null as the text null": showing("GET", anyGroup, (group) => ({ externalId: "null", ...group })),
  "a member that was not sent": showing("GET", anyGroup, (group) => ({ ...group, members: [{ value: "1" }] })),
  "a list that lags behind": changingBody(requestOf("GET", groups), (body) => ({ ...body, Resources: [] })),
  "a userName in lower case": showing("GET", anyUser, (user) => ({
    ...user,
    userName: String(user["userName"]).toLowerCase(),
  })),
  "a name that is not kept": sending("POST", users, (body) => without(body, "name")),
  "users that are all created active": sending("POST", users, (body) => without(body, "active")),
  "a POST to a group that is handled as a PUT": {
    request: (request) =>
      request.method === "POST" && anyGroup.test(request.path) ? { ...request, method: "PUT" } : request,
  },
  "a POST of a known userName that renames whoever has it": {
    response: async ({ request, response, send }) => {
      if (request.method !== "POST" || response.status !== 409) return response;
      const query = new URLSearchParams({ filter: `userName eq "${String(bodyOf(request)["userName"])}"` });
      const found = await send({ ...request, method: "GET", text: "", query });
      await send({ ...request, method: "PUT", path: `/Users/${/"id":"([^"]+)"/.exec(found.text)?.[1] ?? ""}` });
      return response;
    },
  },
  "a refused POST that has made the group without its members": {
    response: async ({ request, response, send }) => {
      if (request.method === "POST" && response.status === 400)
        await send({ ...request, text: JSON.stringify(without(bodyOf(request), "members")) });
      return response;
    },
  },
  // A POST that is too strict.
  "a 4xx for an unknown attribute": refusing("POST", groups, (body) => "shoeSize" in body),
  "a 4xx for an unknown extension": refusing("POST", groups, hasExtension),
  "a 4xx for the enterprise extension": refusing("POST", users, hasExtension),
  "a 4xx for attributes that are not kept": refusing("POST", users, (body) => "nickName" in body),
  "names that are read in one letter case only": refusing("POST", groups, (body) => !("displayName" in body)),
  "URNs that are read in one letter case only": refusing("POST", groups, (body) =>
    /"URN:/.test(JSON.stringify(body["schemas"])),
  ),
  "a 4xx for application/json": refusing(
    "POST",
    groups,
    (_body, request) => request.headers["content-type"]?.startsWith("application/json") === true,
  ),
  // A POST that is not strict enough, or does not say why.
  "a 200 for a refused POST": accepting("POST", anyEndpoint),
  "a refused POST without a scimType": withoutScimType("POST", anyEndpoint),
} satisfies Faults;
