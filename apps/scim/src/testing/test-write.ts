import { expect } from "vitest";
import { z } from "zod";
import { useScim, type ScimFixture } from "./scim-fixture.ts";
import { changesOf, type ScimResponse, type ScimClient } from "./test-client.ts";
import type { ScimTest } from "./test-harness.ts";

type Refusal = readonly [status: number, scimType: unknown];

/** A service for the tests of writes; people and groups have every stored attribute. For tests only. */
export type WriteTest = Pick<ScimFixture, "scim" | "acme" | "person" | "group" | "patch"> & {
  /**
   * The effect of a successful write on the resource, its date and version included, and on the change log: "none" or
   * "moved"; the error if it fails.
   */
  readonly effectOf: (path: string, write: () => Promise<ScimResponse>) => Promise<string>;
  /** Status and scimType of a refused write; throws unless everything is unchanged. */
  readonly refusalOf: (path: string, write: () => Promise<ScimResponse>) => Promise<Refusal>;
  /** The response to a write that is logged and moves date and version; throws otherwise. */
  readonly changedBy: (path: string, write: () => Promise<ScimResponse>) => Promise<ScimResponse>;
  /** `effectOf` and `refusalOf` a PATCH. */
  readonly patchEffect: (path: string, ...operations: readonly object[]) => Promise<string>;
  readonly patchRefusal: (path: string, ...operations: readonly object[]) => Promise<Refusal>;
};

export const custom = "urn:example:params:scim:schemas:custom:1.0:User";

const metaShape = z.object({ meta: z.object({ version: z.string(), lastModified: z.string() }) });

export async function useWrites(): Promise<WriteTest> {
  const { scim, acme, person, group, patch } = await useScim();
  const observed = observing(scim, acme);
  const name = { givenName: "Pam", familyName: "Beesly" };
  let count = 0;
  return {
    scim,
    acme,
    person: (more = {}) => person({ externalId: `00u${++count}`, displayName: "Pam B.", name, ...more }),
    group: (members) => group(members, { externalId: `00g${++count}` }),
    ...observed,
    patch,
    patchEffect: (path, ...operations) => observed.effectOf(path, () => patch(path, ...operations)),
    patchRefusal: (path, ...operations) => observed.refusalOf(path, () => patch(path, ...operations)),
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
