import { expect } from "vitest";
import { z } from "zod";
import { call, changesOf, idOf, scimClient, type ScimResponse, type ScimClient } from "./test-client.ts";
import { startScim, type ScimTest } from "./test-harness.ts";

/** A service with helpers for the tests of writes. For tests only. */
export type WriteTest = {
  readonly scim: ScimTest;
  readonly client: ScimClient;
  /** A person with every stored attribute. */
  person(more?: object): Promise<{ readonly path: string; readonly id: string; readonly userName: string }>;
  group(
    members?: readonly string[],
  ): Promise<{ readonly path: string; readonly id: string; readonly displayName: string }>;
  /**
   * The effect of a successful write on the resource, its date and version included, and on the change log: "none" or
   * "moved"; the error if it fails.
   */
  effectOf(path: string, write: () => Promise<ScimResponse>): Promise<string>;
  /** Status and scimType of a refused write; throws unless everything is unchanged. */
  refusalOf(path: string, write: () => Promise<ScimResponse>): Promise<readonly [status: number, scimType: unknown]>;
  /** The response to a write that is logged and moves date and version; throws otherwise. */
  changedBy(path: string, write: () => Promise<ScimResponse>): Promise<ScimResponse>;
};

export const custom = "urn:example:params:scim:schemas:custom:1.0:User";

const metaShape = z.object({ meta: z.object({ version: z.string(), lastModified: z.string() }) });

export async function startWriteTest(): Promise<WriteTest> {
  const scim = await startScim();
  const client = scimClient(scim.baseUrl, scim.token);
  let count = 0;
  return {
    scim,
    client,
    async person(more = {}) {
      const userName = `Person${count++}@acme.example`;
      const name = { givenName: "Pam", familyName: "Beesly" };
      const body = { userName, externalId: `00u${count}`, displayName: "Pam B.", name, ...more };
      const id = idOf(await client.post("/Users", body));
      return { id, path: `/Users/${id}`, userName };
    },
    async group(members = []) {
      const displayName = `Group ${count++}`;
      const body = { displayName, externalId: `00g${count}`, members: members.map((value) => ({ value })) };
      const id = idOf(await client.post("/Groups", body));
      return { id, path: `/Groups/${id}`, displayName };
    },
    ...observing(scim, client),
  };
}

type Seen = { readonly text: string; readonly changes: number };

function observing(scim: ScimTest, client: ScimClient): Pick<WriteTest, "effectOf" | "refusalOf" | "changedBy"> {
  async function see(path: string): Promise<Seen> {
    const changes = await changesOf(scim.database, scim.organizationId);
    return { text: (await client.get(path)).text, changes: changes.filter(({ refusal }) => refusal === null).length };
  }
  /** The resource and the length of the log around a write, with the clock a second later. */
  async function around(
    path: string,
    write: () => Promise<ScimResponse>,
  ): Promise<{ response: ScimResponse; before: Seen; after: Seen }> {
    const before = await see(path);
    scim.advance(1000);
    const response = await write();
    return { response, before, after: await see(path) };
  }
  return {
    async effectOf(path, write) {
      const { response, before, after } = await around(path, write);
      if (response.status >= 300) return `${response.status} ${response.text}`;
      return before.text === after.text && before.changes === after.changes ? "none" : "moved";
    },
    async refusalOf(path, write) {
      const { response, before, after } = await around(path, write);
      expect([response.body["status"], after]).toEqual([String(response.status), before]);
      return [response.status, response.body["scimType"]];
    },
    async changedBy(path, write) {
      const { response, before, after } = await around(path, write);
      expect([response.status, response.text]).toEqual([expect.toBeOneOf([200, 204]), expect.any(String)]);
      expect(after.changes).toBeGreaterThan(before.changes);
      const [earlier, later] = [before, after].map(({ text }) => metaShape.parse(JSON.parse(text)).meta);
      expect(later?.version).not.toBe(earlier?.version);
      expect((later?.lastModified ?? "") > (earlier?.lastModified ?? "")).toBe(true);
      return response;
    },
  };
}

/** Every method, with a body if it takes one. */
export function ofEachMethod(test: ScimTest, path: string): Promise<readonly [string, ScimResponse][]> {
  const headers = { authorization: `Bearer ${test.token}` };
  return Promise.all(
    ["GET", "PUT", "PATCH", "DELETE"].map(async (method): Promise<[string, ScimResponse]> => {
      const hasBody = method === "PUT" || method === "PATCH";
      const body = method === "PUT" ? putBody : patchBody;
      return [method, await call(`${test.baseUrl}${path}`, method, headers, hasBody ? body : undefined)];
    }),
  );
}

const putBody = JSON.stringify({ userName: "nobody@acme.example", displayName: "Nobody" });
const patchBody = JSON.stringify({ Operations: [{ op: "replace", path: "displayName", value: "Nobody" }] });
