import type { JsonObject } from "../json.ts";
import {
  requestOf,
  changingList,
  changingResources,
  eachObject,
  error,
  setStatus,
  status,
  when,
  withInner,
  without,
  type Fault,
  type Faults,
} from "./fault.ts";
import { readAs, sending, withoutParameter } from "./fault-kinds.ts";

function people(change: (resource: JsonObject) => JsonObject): Fault {
  return changingResources(requestOf("GET", /^\/Users/), change);
}

function groups(change: (resource: JsonObject) => JsonObject): Fault {
  return changingResources(requestOf("GET", /^\/Groups/), change);
}

function both(change: (resource: JsonObject) => JsonObject): Fault {
  return changingResources(requestOf("GET", /^\/(?:Users|Groups)/), change);
}

const search = requestOf("POST", /\/\.search$/);

/** Ignores members of the body of a search. */
function overlooking(...names: readonly string[]): Fault {
  return sending("POST", /\/\.search$/, (body) => without(body, ...names));
}

/** Changes each member of a group. */
function members(change: (member: JsonObject) => JsonObject): Fault {
  return groups((group) => ({ ...group, members: eachObject(group["members"], change) }));
}

export const readingFaults = {
  "an id in capital letters": both((resource) => ({ ...resource, id: String(resource["id"]).toUpperCase() })),
  "resources without schemas": both((resource) => ({ ...resource, schemas: [] })),
  "resources without their type": both((resource) => withInner(resource, "meta", "resourceType", undefined)),
  "a time that is a date": both((resource) => withInner(resource, "meta", "created", "2026-01-31")),
  "a change before the creation": both((resource) =>
    withInner(resource, "meta", "lastModified", "2001-01-01T00:00:00Z"),
  ),
  "a location without a host": both((resource) =>
    withInner(resource, "meta", "location", `/Users/${String(resource["id"])}`),
  ),
  "an id that is the provider's externalId": people((user) => ({ ...user, id: user["externalId"] })),
  "a userName in small letters and a family name without its accents and case": people((user) =>
    withInner(user, "name", "familyName", "euler"),
  ),
  "a displayName invented for a person without one": people((user) => ({ displayName: "Somebody", ...user })),
  "booleans as texts": people((user) => ({ ...user, active: String(user["active"]) })),
  "a 404 for an inactive person": when(
    ({ response }) => response.text.includes('"active":false'),
    () => error(404),
  ),
  "two primary emails": people((user) => ({
    ...user,
    emails: [1, 2].map((number) => ({ value: `${number}@b.example`, primary: true })),
  })),
  "an email that is a text": people((user) => ({ ...user, emails: ["a@b.example"] })),
  "a password that is returned by a GET": people((user) => ({ ...user, password: "secret" })),
  "a group without its name": groups((group) => without(group, "displayName")),
  "a group that hides its last member": groups((group) => ({
    ...group,
    members: eachObject(group["members"], (member) => member).slice(1),
  })),
  "members by their names": members((member) => ({ ...member, value: member["display"] })),
  "members that refer to groups": members((member) => ({ ...member, $ref: `x/Groups/${String(member["value"])}` })),
  "members of another type": members((member) => ({ ...member, type: "Person" })),
  "attributes that are ignored": withoutParameter("attributes"),
  "resources without their id": changingResources(status(200), (resource) => without(resource, "id")),
  "names that are compared letter by letter": readAs("attributes", /USERNAME/, "nothing"),
  "names with a URN that are not understood": readAs("attributes", /urn:.*/, "nothing"),
  "a comma that is part of a name": readAs("attributes", /,/, "_"),
  "a sub-attribute that brings its whole attribute": readAs("attributes", /\.familyName/, ""),
  "a list with attributes that is empty": changingList(status(200), () => []),
  "excludedAttributes that are ignored": withoutParameter("excludedAttributes"),
  "excludedAttributes that leave out everything else too": changingResources(status(200), (resource) =>
    without(resource, "meta", "displayName"),
  ),
  "excluded names that are compared letter by letter": readAs("excludedAttributes", /DISPLAYNAME/, "nothing"),
  "a part that takes its whole attribute away": readAs("excludedAttributes", /\.givenName/, ""),
  "two parameters that exclude each other and are both ignored": withoutParameter("attributes", "excludedAttributes"),
  "a search that is 201": when(search, setStatus(201)),
  "a search whose filter is ignored": overlooking("filter"),
  "a search whose page is ignored": overlooking("startIndex", "count"),
  "a search whose count is ignored": overlooking("count"),
  "a search whose cursor is ignored": overlooking("cursor"),
  "a search that shows resources in part": changingList(search, (all) => all.map((one) => without(one, "active"))),
  "a search at the root that finds people only": changingList(search, (all) => all.filter((one) => "userName" in one)),
  "a search at the root without resource types": changingList(search, (all) =>
    all.map((one) => withInner(one, "meta", "resourceType", "Resource")),
  ),
  "a search whose projection is ignored": overlooking("attributes", "excludedAttributes"),
  "a search whose order is ignored": overlooking("sortBy", "sortOrder"),
} satisfies Faults;
