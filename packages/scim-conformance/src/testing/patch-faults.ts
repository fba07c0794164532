import type { JsonObject } from "../json.ts";
import {
  anyGroup,
  anyResource,
  anyUser,
  bodyOf,
  requestOf,
  changingBody,
  isRequest,
  refused,
  setStatus,
  when,
  withInner,
  type Faults,
} from "./fault.ts";
import {
  accepting,
  moving,
  ignoring,
  operating,
  operationsOf,
  patching,
  refusing,
  sending,
  showing,
  statusInstead,
  withoutScimType,
} from "./fault-kinds.ts";

export const patchFaults = {
  // The wrong response to a PATCH; a PATCH that is too strict or not strict enough.
  "a PATCH that is never refused": accepting("PATCH", anyResource),
  "a refused PATCH without a scimType": withoutScimType("PATCH", anyResource),
  "a scimType that is invalidValue whatever is wrong": changingBody(refused("PATCH", anyResource), (body) => ({
    ...body,
    scimType: "invalidValue",
  })),
  "a PATCH of an endpoint": accepting("PATCH", /^\/Users$/),
  "a 202 for a PATCH": when(requestOf("PATCH", anyResource), setStatus(202)),
  "a PATCH that returns its operations": showing("PATCH", anyUser, (_user, sent) => sent),
  "a PATCH of a group that returns its operations": when(requestOf("PATCH", anyGroup), ({ request, response }) => ({
    ...response,
    status: 200,
    text: request.text,
  })),
  "a PATCH with attributes that has no body": statusInstead("PATCH", anyResource, 200, 204),
  "a PATCH that ignores attributes": {
    response: ({ request, response, send }) =>
      isRequest(request, "PATCH", anyResource)
        ? send({ ...request, method: "GET", text: "", query: new URLSearchParams() })
        : response,
  },
  "a refused PATCH whose first operation stays": {
    response: async ({ request, response, send }) => {
      const operations = operationsOf(bodyOf(request)).slice(0, 1);
      if (isRequest(request, "PATCH", anyResource) && response.status >= 400)
        await send({ ...request, text: JSON.stringify({ Operations: operations }) });
      return response;
    },
  },
  "a lastModified that every request moves": moving("GET", anyResource, "lastModified"),
  "members that are added twice": changingBody(requestOf("GET", anyGroup), doubledLast),
  "a 4xx for a resource's own id": refusing("PATCH", anyGroup, (body) => JSON.stringify(body).includes('"id"')),
  "a 4xx for a remove of a person who is no member": refusing("PATCH", anyGroup),
  "a PATCH whose names are case-sensitive": refusing("PATCH", anyResource, (body) =>
    /"NAME|"DISPLAYNAME|"Members/.test(JSON.stringify(body)),
  ),
  "a 4xx for a path with a URN": refusing("PATCH", anyResource, (body) =>
    /"urn:[^"]*:displayName"/.test(JSON.stringify(body)),
  ),
  "a 4xx for an inactive member": refusing("PATCH", anyGroup),
  "a PATCH that ignores its schemas": sending("PATCH", anyResource, (body) => ({
    ...body,
    schemas: undefined,
  })),
  // A PATCH that does something else than its operations say.
  "a PATCH that succeeds and does nothing": ignoring("PATCH", anyResource),
  "an add of members that replaces the others": patching((operation) => ({
    ...operation,
    op: operation["op"] === "add" ? "replace" : operation["op"],
  })),
  "a replace of members that adds them": patching((operation) => ({
    ...operation,
    op: operation["op"] === "replace" ? "add" : operation["op"],
  })),
  "a remove that ignores its filter": patching(({ path, ...operation }) => ({
    ...operation,
    path: String(path).replace(/\[.*\]/, ""),
  })),
  "a value filter that ends at its first term": patching(({ path, ...operation }) => ({
    ...operation,
    path: String(path).replace(/ or .*\]/, "]"),
  })),
  "a part of a name that clears the other parts": operating((operations) => [
    { op: "remove", path: "name" },
    ...operations,
  ]),
  "a part that is removed together with the whole": patching((operation) => ({
    ...operation,
    path: String(operation["path"]).replace(/\..*/, ""),
  })),
  "an operation without a path that clears what it does not name": operating((operations) => [
    { op: "remove", path: "externalId" },
    { op: "remove", path: "displayName" },
    ...operations,
  ]),
  "operations that are done from the last to the first": operating((operations) => operations.toReversed()),
  "removals that are done after everything else": operating((operations) => [
    ...operations.filter(({ op }) => op !== "remove"),
    ...operations.filter(({ op }) => op === "remove"),
  ]),
  "a PATCH whose first operation alone is done": operating((operations) => operations.slice(0, 1)),
  "a new name for a group that drops its members": patching((operation) =>
    withInner(operation, "value", "members", []),
  ),
  "an active that stays as it is": patching((operation) =>
    /active/.test(JSON.stringify(operation)) ? idle : operation,
  ),
  "a null that is ignored": patching((operation) => (operation["value"] === null ? idle : operation)),
  "a 4xx for a replace of an attribute without a value": refusing("PATCH", anyResource),
  "a 4xx for an extension": refusing("PATCH", anyResource, (body) => JSON.stringify(body).includes(":extension:")),
} satisfies Faults;

let reads = 0;

/** The group with its last member twice, at every second read. */
function doubledLast(group: JsonObject): JsonObject {
  reads += 1;
  const members = Array.isArray(group["members"]) ? group["members"] : [];
  return { ...group, members: [...members, ...members.slice(-1 - (reads % 2))] };
}

/** An operation that changes none of the fixtures. */
const idle = { op: "add", path: "active", value: true };
