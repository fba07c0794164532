import { SEARCH_REQUEST } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { call, idOf, resourcesOf, type ScimResponse, refusalOf } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, find } = await useScim();

const ada = idOf(
  await acme.post("/Users", {
    userName: "ada@acme.example",
    displayName: "Ada L",
    name: { givenName: "Ada", familyName: "Lovelace" },
    externalId: "e-ada",
  }),
);
await acme.post("/Users", { userName: "bob@acme.example", displayName: "Bob", active: false });
const engineers = idOf(await acme.post("/Groups", { displayName: "Engineers", members: [{ value: ada }] }));
await acme.post("/Groups", { displayName: "Zebras", externalId: "e-zebras" });

const schemas = [SEARCH_REQUEST];
const search = (path: string, request: object): Promise<ScimResponse> => acme.post(path, { schemas, ...request });

/** The names of the resources, in the order of the response. */
function namesOf(response: ScimResponse): readonly string[] {
  return resourcesOf(response).map((resource) => z.string().parse(resource["userName"] ?? resource["displayName"]));
}

// RFC 7644 section 3.4.3: the same query, the same response.
describe("POST .search", () => {
  test.each([
    ["/Users", { filter: 'userName eq "ADA@acme.example"' }],
    ["/Users", { filter: "active eq true", sortBy: "userName", sortOrder: "descending", startIndex: 2, count: 1 }],
    ["/Users", { attributes: ["userName", "name.givenName"] }],
    ["/Users", { excludedAttributes: ["emails", "meta"] }],
    ["/Users", { count: 0 }],
    ["/Groups", { filter: 'displayName sw "eng"' }],
    ["/Groups", { excludedAttributes: ["members"], sortBy: "displayName" }],
    ["", { filter: 'displayName co "b"', sortBy: "displayName" }],
    ["", { startIndex: 2, count: 3 }],
  ])("%s/.search %j returns the same as GET", async (path, request) => {
    const query = Object.entries(request).map(
      ([name, value]) => `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(",") : value)}`,
    );
    const listed = await acme.get(`${path}?${query.join("&")}`);
    const searched = await search(`${path}/.search`, request);
    expect(searched.status).toBe(200);
    expect(searched.headers.get("content-type")).toContain("application/scim+json");
    expect(searched.body).toEqual(listed.body);
  });

  test("is no address of a person or a group, and takes only POST", async () => {
    for (const path of ["/.search", "/Users/.search", "/Groups/.search"]) {
      const response = await call(`${scim.baseUrl}${path}`, "PUT", { authorization: `Bearer ${scim.token}` }, "{}");
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    }
  });

  test.each([
    ["/.search", {}, "invalidSyntax"],
    ["/Users/.search", { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] }, "invalidSyntax"],
    ["/Users/.search", [], "invalidSyntax"],
    ["/Users/.search", { schemas, filter: 1 }, "invalidValue"],
    ["/Groups/.search", { schemas, count: "10" }, "invalidValue"],
    ["/.search", { schemas, attributes: "userName" }, "invalidValue"],
    ["/.search", { schemas, attributes: ["userName"], excludedAttributes: ["meta"] }, "invalidValue"],
    ["/.search", { schemas, sortBy: "bogus" }, "invalidValue"],
    ["/.search", { schemas, cursor: "", startIndex: 1 }, "invalidValue"],
    ["/.search", { schemas, cursor: "", count: 1001 }, "invalidCount"],
    ["/.search", { schemas, cursor: "x" }, "invalidCursor"],
    ["/Users/.search", { schemas, filters: 'userName eq "x"' }, "invalidValue"],
    ["/.search", { schemas, filter: "" }, "invalidFilter"],
    ["/.search", { schemas, filter: 'bogus eq "x"' }, "invalidFilter"],
    ["/.search", { schemas, filter: "active gt true" }, "invalidFilter"],
    ["/Groups/.search", { schemas, filter: 'userName eq "x"' }, "invalidFilter"],
  ])("%s %j is 400 %s", async (path, body, scimType) => {
    const response = await acme.post(path, body);
    expect(refusalOf(response)).toEqual([400, scimType]);
  });
});

// RFC 7644 section 3.4.2.1: an attribute that a type does not have counts as absent.
describe("a query over all resources", () => {
  test.each([
    ['meta.resourceType eq "Group"', ["Account Owners", "Deploy Owners", "Members", "Engineers", "Zebras"]],
    ['meta.resourceType eq "User" and active eq false', ["bob@acme.example"]],
    ['displayName co "b"', ["Members", "bob@acme.example", "Zebras"]],
    ["userName pr", ["owner@acme.example", "ada@acme.example", "bob@acme.example"]],
    ['not (userName pr) and displayName sw "z"', ["Zebras"]],
    ['userName ne "bob@acme.example" and externalId pr', ["ada@acme.example", "Zebras"]],
    ['userName eq null and displayName sw "E"', ["Engineers"]],
    ['members pr and displayName eq "engineers"', ["Engineers"]],
    ['members.display co "ada" or name.familyName eq "lovelace"', ["ada@acme.example", "Engineers", "Members"]],
    ['emails[type eq "work" and value sw "bob"]', ["bob@acme.example"]],
    [
      'emails[type eq "work"].value sw "bob" or members[display sw "ada"]',
      ["bob@acme.example", "Engineers", "Members"],
    ],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "a"', ["ada@acme.example"]],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName sw "z"', ["Zebras"]],
    ['externalId eq "e-ada" or externalId eq "e-zebras"', ["ada@acme.example", "Zebras"]],
    ['name[familyName sw "l" and givenName pr]', ["ada@acme.example"]],
  ])("%s", async (filter, expected) => {
    const response = await find("/", filter);
    expect(namesOf(response).toSorted()).toEqual([...expected].toSorted());
    expect(response.body).toMatchObject({
      totalResults: expected.length,
      startIndex: 1,
      itemsPerPage: expected.length,
    });
  });

  test("each resource is printed as its own endpoint prints it, members only where wanted", async () => {
    const found = resourcesOf(await acme.get("?count=1000"));
    expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining([ada, engineers]));
    expect(found.find(({ id }) => id === ada)).toEqual((await acme.get(`/Users/${ada}`)).body);
    expect(found.find(({ id }) => id === engineers)).toEqual((await acme.get(`/Groups/${engineers}`)).body);
    for (const resource of resourcesOf(await acme.get("?attributes=displayName")))
      expect(Object.keys(resource).toSorted()).toEqual(
        resource["displayName"] === undefined ? ["id", "schemas"] : ["displayName", "id", "schemas"],
      );
  });

  test("sorts across the types, absent values last, or first when descending", async () => {
    const names = namesOf(await acme.get("/?sortBy=userName"));
    expect(names.slice(0, 3)).toEqual(["ada@acme.example", "bob@acme.example", "owner@acme.example"]);
    expect(names).toHaveLength(8);
    expect(namesOf(await acme.get("/?sortBy=userName&sortOrder=descending"))).toEqual(names.toReversed());
    const byDisplayName = resourcesOf(await acme.get("/?sortBy=displayName")).map((one) => one["displayName"]);
    expect(byDisplayName).toEqual([
      "Account Owners",
      "Ada L",
      "Bob",
      "Deploy Owners",
      "Engineers",
      "Members",
      "Zebras",
      undefined,
    ]);
  });

  test("pages run over both types and add up", async () => {
    const whole = namesOf(await acme.get("/"));
    const seen: unknown[] = [];
    for (let startIndex = 1; startIndex <= whole.length; startIndex += 3) {
      const page = await acme.get(`/?startIndex=${startIndex}&count=3`);
      expect(page.body).toMatchObject({ totalResults: 8, startIndex });
      seen.push(...namesOf(page));
    }
    expect(seen).toEqual(whole);
    expect((await acme.get("/?count=0")).body).toMatchObject({ totalResults: 8, itemsPerPage: 0, Resources: [] });
  });

  test("stays inside of the organization", async () => {
    const rival = await scim.addOrganization("Rival");
    const response = await rival.client.get("/?count=1000");
    expect(response.body["totalResults"]).toBe(4);
    expect(response.text).not.toContain("acme.example");
  });
});
