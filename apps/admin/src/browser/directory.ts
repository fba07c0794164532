import { createHash } from "node:crypto";

const requestTimeoutMs = 20_000;

/** A minimal identity provider that pushes people and groups over SCIM, as Okta does. */
export type Directory = {
  /** Returns the response's status and the id of its resource; "" if there is none. */
  request(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly id: string }>;
  addPerson(givenName: string, familyName: string, domain: string): Promise<string>;
};

export function directory(baseUrl: string, token: string): Directory {
  const request: Directory["request"] = async (method, path, body) => {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/scim+json",
        "user-agent": "Okta SCIM Client 1.0.0",
      },
      signal: AbortSignal.timeout(requestTimeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed: unknown = text === "" ? {} : JSON.parse(text);
    return { status: answer.status, id: textIn(parsed, "id") ?? "" };
  };
  return {
    request,
    async addPerson(givenName, familyName, domain) {
      const userName = `${givenName}.${familyName}@${domain}`.toLowerCase();
      const { status, id } = await request("POST", "/Users", {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        userName,
        externalId: `00u${createHash("sha256").update(userName).digest("hex").slice(0, 17)}`,
        name: { givenName, familyName },
        active: true,
      });
      if (status !== 201) throw new Error(`${userName} was answered ${status}.`);
      return id;
    },
  };
}

/** The body of a PATCH. */
export function patchOf(...operations: readonly object[]): object {
  return { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: operations };
}

/** The body of a POST or PUT of a group with these members' ids. */
export function groupOf(displayName: string, ...members: readonly string[]): object {
  const schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
  return { schemas, displayName, members: members.map((value) => ({ value })) };
}

/** The string property `key` of a parsed response; undefined if there is none. */
function textIn(value: unknown, key: string): string | undefined {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === "string" ? found : undefined;
}

/** The string property `key`; throws if there is none. */
export function requiredText(value: unknown, key: string): string {
  const found = textIn(value, key);
  if (found === undefined) throw new Error(`There is no ${key} in the response.`);
  return found;
}
