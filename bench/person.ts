const given = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Leslie", "Tony", "Frances", "Ken"] as const;
const family = [
  "Lovelace",
  "Hopper",
  "Turing",
  "Dijkstra",
  "Liskov",
  "Knuth",
  "Lamport",
  "Hoare",
  "Allen",
  "Thompson",
] as const;

/** A person as the provider stores them. */
export type Person = {
  readonly userName: string;
  readonly externalId: string;
  readonly givenName: string;
  readonly familyName: string;
};

/** The `index`-th person of the group `prefix`: always the same one. */
export function person(prefix: string, index: number): Person {
  return {
    userName: `${prefix}-${String(index).padStart(7, "0")}@bench.example`,
    externalId: `00u-${prefix}-${index}`,
    givenName: given[index % given.length] ?? given[0],
    familyName: family[Math.floor(index / given.length) % family.length] ?? family[0],
  };
}

/** The body that Okta sends for a person at POST and PUT, without the password. */
export function userBody({ userName, externalId, givenName, familyName }: Person): object {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName,
    name: { givenName, familyName },
    emails: [{ primary: true, value: userName, type: "work" }],
    displayName: `${givenName} ${familyName}`,
    locale: "en-US",
    externalId,
    groups: [],
    active: true,
  };
}

/** The body that Okta sends to deactivate and to reactivate a person. */
export function activeBody(active: boolean): object {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "replace", value: { active } }],
  };
}
