import { afterAll } from "vitest";
import { idOf, patchOf, resourcesOf, type ScimClient, type ScimResponse } from "./test-client.ts";
import { startScim, type ScimTest, type ScimTestOptions } from "./test-harness.ts";

type Made<Name extends string> = Readonly<Record<"id" | "path" | Name, string>>;

/** The service of one test file. The client is the first organization's unless another one is given. */
export type ScimFixture = {
  readonly scim: ScimTest;
  readonly acme: ScimClient;
  /** Creates a user with a new userName. */
  readonly person: (more?: object, client?: ScimClient) => Promise<Made<"userName">>;
  /** Creates users and returns their ids. */
  readonly people: (count: number) => Promise<readonly string[]>;
  /** Creates a group with a new displayName. */
  readonly group: (members?: readonly string[], more?: object) => Promise<Made<"displayName">>;
  /** Sends a PATCH of these operations. */
  readonly patch: (path: string, ...operations: readonly object[]) => Promise<ScimResponse>;
  /** Lists the resources of an endpoint that match the filter. */
  readonly find: (endpoint: string, filter: string, client?: ScimClient) => Promise<ScimResponse>;
  /** The id of a user by userName, or of a group by displayName; throws if there is none. */
  readonly idByName: (endpoint: "/Users" | "/Groups", name: string, client?: ScimClient) => Promise<string>;
  readonly runSql: (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
};

/** Starts the service before the tests of a file and stops it after them. For tests only. */
export async function useScim(options?: ScimTestOptions): Promise<ScimFixture> {
  const scim = await startScim(options);
  afterAll(() => scim.stop());
  const { client: acme } = scim;
  let count = 0;
  const person: ScimFixture["person"] = async (more = {}, client = acme) => {
    const body = { userName: `person${++count}@acme.example`, ...more };
    const id = idOf(await client.post("/Users", body));
    return { id, path: `/Users/${id}`, userName: body.userName };
  };
  const find: ScimFixture["find"] = (endpoint, filter, client = acme) =>
    client.get(`${endpoint}?filter=${encodeURIComponent(filter)}`);
  return {
    scim,
    acme,
    person,
    people: (size) => inOrder(size, async () => (await person()).id),
    group: async (members = [], more = {}) => {
      const body = { displayName: `Group ${++count}`, members: members.map((value) => ({ value })), ...more };
      const id = idOf(await acme.post("/Groups", body));
      return { id, path: `/Groups/${id}`, displayName: body.displayName };
    },
    patch: (path, ...operations) => acme.patch(path, patchOf(...operations)),
    find,
    idByName: async (endpoint, name, client) => {
      const attribute = endpoint === "/Users" ? "userName" : "displayName";
      const [found] = resourcesOf(await find(endpoint, `${attribute} eq "${name}"`, client));
      if (found === undefined) throw new Error(`There is no ${name}.`);
      return found.id;
    },
    runSql: (text, values = []) => scim.database.sql.query({ name: "", text }, values),
  };
}

async function inOrder<T>(count: number, work: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index++) results.push(await work());
  return results;
}
