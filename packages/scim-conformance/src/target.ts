import { expectStatus } from "./assertion.ts";
import { personBody, type PersonNumber } from "./fixture-resources.ts";
import type { Fixtures } from "./fixtures.ts";
import type { ScimRequest, ScimResponse, Client } from "./http-client.ts";
import type { JsonObject } from "./json.ts";
import { groupSchema, patchOf, references } from "./request-body.ts";

type RequestHeaders = Readonly<Record<string, string | undefined>>;
export type Query = Readonly<Record<string, string | number>>;

/** The service as a check sees it: the fixtures, requests, and the requests with which many checks begin. */
export type Target = Pick<Fixtures, "label" | "person" | "group" | "people" | "groups"> & {
  /** Any request; the common ones have a function of their own. */
  readonly send: (request: ScimRequest) => Promise<ScimResponse>;
  readonly get: (path: string, query?: Query, headers?: RequestHeaders) => Promise<ScimResponse>;
  readonly post: (path: string, body: object | string, headers?: RequestHeaders) => Promise<ScimResponse>;
  readonly put: (path: string, body: object | string, headers?: RequestHeaders) => Promise<ScimResponse>;
  readonly patch: (path: string, body: object | string, headers?: RequestHeaders) => Promise<ScimResponse>;
  readonly delete: (path: string, headers?: RequestHeaders) => Promise<ScimResponse>;

  /** Reads a resource; expects 200. */
  readonly read: (path: string) => Promise<ScimResponse>;
  /** Deletes a resource; expects 204. */
  readonly remove: (path: string) => Promise<void>;
  /** Patches a resource; expects 200 or 204. */
  readonly change: (path: string, ...operations: readonly object[]) => Promise<ScimResponse>;
  /** Replaces a person by PUT; expects 200. */
  readonly replacePerson: (number: PersonNumber, more?: JsonObject) => Promise<ScimResponse>;
  /** Deletes a person and creates it again; expects 201. Its id is another one then. */
  readonly recreatePerson: (number: PersonNumber, more?: JsonObject) => Promise<ScimResponse>;
  /** Creates a third group; expects 201. It is deleted after the check. */
  readonly createGroup: (more?: JsonObject) => Promise<ScimResponse>;

  /** The body of a person; `more` has additional attributes and other values. */
  readonly personBody: (number: PersonNumber, more?: JsonObject) => JsonObject;
  /** The body of group 1. */
  readonly groupBody: (more?: JsonObject) => JsonObject;
  /** The body of a third group. */
  readonly newGroup: (more?: JsonObject) => JsonObject;
  /** People as the members of a group. */
  readonly members: (...numbers: readonly PersonNumber[]) => readonly JsonObject[];
};

export function openTarget({ send }: Client, fixtures: Fixtures): Target {
  const { label, person, group } = fixtures;
  const expecting = async (statuses: readonly number[], request: ScimRequest): Promise<ScimResponse> => {
    const response = await send(request);
    expectStatus(response, ...statuses);
    return response;
  };
  const remove = async (path: string): Promise<void> => void (await expecting([204], { method: "DELETE", path }));
  const bodyOf = (number: PersonNumber, more: JsonObject = {}): JsonObject => ({
    ...personBody(person(number)),
    ...more,
  });
  const newGroup = (more: JsonObject = {}): JsonObject => ({
    schemas: [groupSchema],
    displayName: `${label}-New`,
    ...more,
  });
  return {
    ...fixtures,
    send,
    get: (path, query = {}, headers = {}) => send({ method: "GET", path: `${path}${printQuery(query)}`, headers }),
    post: (path, body, headers = {}) => send({ method: "POST", path, body, headers }),
    put: (path, body, headers = {}) => send({ method: "PUT", path, body, headers }),
    patch: (path, body, headers = {}) => send({ method: "PATCH", path, body, headers }),
    delete: (path, headers = {}) => send({ method: "DELETE", path, headers }),
    read: (path) => expecting([200], { method: "GET", path }),
    remove,
    change: (path, ...operations) => expecting([200, 204], { method: "PATCH", path, body: patchOf(...operations) }),
    replacePerson: (number, more) =>
      expecting([200], { method: "PUT", path: person(number).path, body: bodyOf(number, more) }),
    recreatePerson: async (number, more) => {
      await remove(person(number).path);
      return expecting([201], { method: "POST", path: "/Users", body: bodyOf(number, more) });
    },
    createGroup: (more) => expecting([201], { method: "POST", path: "/Groups", body: newGroup(more) }),
    personBody: bodyOf,
    groupBody: (more = {}) => {
      const { displayName, memberIds } = group(1);
      return { schemas: [groupSchema], displayName, members: references(...memberIds), ...more };
    },
    newGroup,
    members: (...numbers) => references(...numbers.map((number) => person(number).id)),
  };
}

function printQuery(query: Query): string {
  const parts = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
