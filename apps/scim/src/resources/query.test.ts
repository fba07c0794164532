import { describe, expect, test } from "vitest";
import { z } from "zod";
import { idOf, resourcesOf, type ScimResponse, refusalOf } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme } = await useScim();
/** The ids by the short names of the people and groups below. */
const ids = new Map<string, string>();
const created = new Map<string, string>();

const core = "urn:ietf:params:scim:schemas:core:2.0:User";
const groupCore = "urn:ietf:params:scim:schemas:core:2.0:Group";
const people = [
  {
    userName: "ann@acme.example",
    externalId: "Ext-A",
    displayName: "Ann",
    name: { givenName: "Ann", familyName: "Zorn" },
  },
  { userName: "Bob@acme.example", externalId: "ext-a", name: { givenName: "Bob" } },
  { userName: "cyd@acme.example", displayName: "100% _x\\", active: false, name: { familyName: "Ärmel" } },
  { userName: "dee@acme.example", displayName: "ann", name: { givenName: "Dee", familyName: "zorn" } },
] as const;

for (const person of people) {
  note(person.userName.slice(0, 3).toLowerCase(), await acme.post("/Users", person));
  scim.advance(1500);
}
const members = ["ann", "cyd"].map((name) => ({ value: ids.get(name) }));
note("eng", await acme.post("/Groups", { displayName: "Eng", externalId: "G-1", members }));
note("ops", await acme.post("/Groups", { displayName: "Ops" }));

function note(name: string, response: ScimResponse): void {
  ids.set(name, idOf(response));
  created.set(name, z.object({ created: z.string() }).parse(response.body["meta"]).created);
}

/** A name in braces stands for its id, or for its creation time. */
function filled(text: string): string {
  return text
    .replace(/\{(\w+)\}/g, (_, name: string) => ids.get(name) ?? "")
    .replace(/\{created of (\w+)\}/g, (_, name: string) => created.get(name) ?? "");
}

const namesById = (): Map<string, string> => new Map([...ids].map(([name, id]) => [id, name]));

/** The short names in the response, in its order; the owner and the built-in roles are left out. */
function shown(response: ScimResponse): string[] {
  const names = namesById();
  return resourcesOf(response).flatMap(({ id }) => names.get(id) ?? []);
}

function find(path: string, filter: string): Promise<ScimResponse> {
  return acme.get(`${path}?filter=${encodeURIComponent(filled(filter))}`);
}

// RFC 7644 section 3.4.2.2, one line per rule; the owner has neither displayName nor externalId.
describe("a filter of people", () => {
  test.each([
    ['userName eq "ANN@ACME.example"', "ann"],
    ['name.familyName eq "A\\u0308RMEL"', "cyd"],
    // Case-sensitive text (RFC 7643 section 3.1).
    ['externalId eq "Ext-A"', "ann"],
    ['externalId eq "EXT-A"', ""],
    ['id eq "{ann}"', "ann"],
    ['id le "{bob}"', "ann bob"],
    ['displayName eq "100% _X\\\\"', "cyd"],
    ["ACTIVE EQ False", "cyd"],
    ["displayName eq null", "bob"],
    ['not (displayName lt "zzz")', "bob"],
    ["emails pr and meta pr and meta.location pr", "ann bob cyd dee"],
    ['emails[not (value sw "ann") and primary eq true]', "bob cyd dee"],
    ['emails[type eq "work"].value eq "DEE@acme.example"', "dee"],
    ['name[familyName eq "zorn" and givenName sw "d"]', "dee"],
    ['active eq false and userName sw "cyd" or userName sw "dee"', "cyd dee"],
    [`${core.toUpperCase()}:NAME.FAMILYNAME eq "zorn" and ${core}:active eq true`, "ann dee"],
    // Common attributes of every resource.
    ['meta.resourceType eq "User" and externalId pr', "ann bob"],
    ['meta.resourceType eq "user" and externalId pr', ""],
    ['meta.location ew "/Users/{dee}"', "dee"],
    [`schemas eq "${core}" and externalId pr`, "ann bob"],
    [`schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`, ""],
    [`not (schemas co "Group") and externalId pr and schemas pr`, "ann bob"],
    // Dates are instants, whatever their zone.
    ['meta.created eq "{created of bob}"', "bob"],
    ['meta.created gt "{created of bob}"', "cyd dee"],
    ['meta.created le "{created of bob}" and externalId pr', "ann bob"],
    ['meta.created ne "{created of bob}" and externalId pr', "ann"],
    ['meta.lastModified lt "2011-05-13T04:42:34.5+02:00"', ""],
  ])("%s", async (filter, expected) => {
    const response = await find("/Users", filter);
    expect([response.status, shown(response).toSorted().join(" ")]).toEqual([200, expected]);
    expect(response.body["totalResults"]).toBe(resourcesOf(response).length);
  });

  test("the + of a zone or an address need not be encoded", async () => {
    const date = await acme.get('/Users?filter=meta.created+gt+"2011-05-13T04:42:34+02:00"+and+externalId+pr');
    expect(shown(date)).toEqual(["ann", "bob"]);
    const plus = idOf(await acme.post("/Users", { userName: "a+b@acme.example" }));
    for (const filter of ['userName+eq+"a+b@acme.example"', 'emails[value+sw+"A+b"]'])
      expect(resourcesOf(await acme.get(`/Users?filter=${filter}`)).map(({ id }) => id)).toEqual([plus]);
    await acme.delete(`/Users/${plus}`);
  });

  test.each([1, 5, -7, 14])("an instant is the same one %i hours further east", async (hours) => {
    const instant = new Date(z.string().parse(created.get("bob")));
    const local = new Date(instant.getTime() + hours * 3_600_000).toISOString().replace("Z", "");
    const zone = `${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
    expect(shown(await find("/Users", `meta.created eq "${local}${zone}"`))).toEqual(["bob"]);
    expect(shown(await find("/Users", `meta.created gt "${local}000${zone}"`))).toEqual(["cyd", "dee"]);
  });

  test.each([
    "",
    'userName eq "a" and',
    'userName eq "a" or or active eq true',
    "userName eq a",
    "userName eq 'a'",
    "userName is null",
    'schemas[value eq "x"]',
    'active gt "true"',
    'meta.created eq "2026-13-01T00:00:00Z"',
    'bogus eq "x"',
    'emails[bogus eq "x"]',
    'title eq "x"',
    `${groupCore}:displayName eq "x"`,
  ])("AR-26: %s is 400 invalidFilter", async (filter) => {
    const response = await find("/Users", filter);
    expect(refusalOf(response)).toEqual([400, "invalidFilter"]);
  });
});

test.each([
  ['displayName eq "ENG"', "eng"],
  ['id eq "{eng}"', "eng"],
  ['externalId eq "g-1"', ""],
  ['externalId ne "G-1" and displayName sw "o"', "ops"],
  ['members.value eq "{ann}" and displayName sw "e"', "eng"],
  ['members.value eq "nobody"', ""],
  ['members[value eq "{ann}" and display sw "cyd"]', ""],
  ['members.display co "CYD" and displayName ne "Members"', "eng"],
  ['members.type eq "User" and displayName sw "e"', "eng"],
  ['members.$ref ew "/Users/{ann}" and displayName sw "e"', "eng"],
  ["not (members pr)", "ops"],
  ["members eq null", "ops"],
  [`${groupCore}:displayName sw "op"`, "ops"],
  [`schemas eq "${groupCore}" and displayName sw "op"`, "ops"],
])("a filter of groups: %s", async (filter, expected) => {
  expect(
    shown(await find("/Groups", filter))
      .toSorted()
      .join(" "),
  ).toBe(expected);
});

// Section 3.4.2.3: absent values last, or first when descending; equal ones keep one order.
describe("an order", () => {
  test.each([
    ["userName", "ann bob cyd dee"],
    ["externalId", "ann bob"],
    ["name.familyName", "ann dee cyd bob"],
    ["name.givenName", "ann bob dee cyd"],
    [`${core}:NAME.FamilyName`, "ann dee cyd bob"],
    ["displayName", "cyd ann dee bob"],
    ["active", "cyd ann bob dee"],
    ["emails", "ann bob cyd dee"],
    ["emails.value", "ann bob cyd dee"],
    ["meta.created", "ann bob cyd dee"],
    ["meta.lastModified", "ann bob cyd dee"],
    ["id", "ann bob cyd dee"],
  ])("AR-24: by %s, and backwards", async (sortBy, expected) => {
    const up = await acme.get(`/Users?sortBy=${sortBy}`);
    const down = await acme.get(`/Users?sortBy=${sortBy}&sortOrder=Descending`);
    expect(shown(up).slice(0, expected.split(" ").length).join(" ")).toBe(expected);
    expect(resourcesOf(down)).toEqual(resourcesOf(up).toReversed());
    expect(resourcesOf(await acme.get(`/Users?sortBy=${sortBy}&sortOrder=ascending`))).toEqual(resourcesOf(up));
  });

  test("without sortBy is the order of creation, whatever sortOrder is, and the same each time", async () => {
    for (const query of ["", "?sortOrder=descending", "?sortBy="])
      expect(shown(await acme.get(`/Users${query}`))).toEqual(["ann", "bob", "cyd", "dee"]);
  });

  test.each(["sortBy=bogus", "sortBy=name", "sortBy=title", "sortBy=userName&sortOrder=up"])(
    "%s is 400",
    async (query) => {
      const response = await acme.get(`/Users?${query}`);
      expect(refusalOf(response)).toEqual([400, "invalidValue"]);
    },
  );
});

// Section 3.4.2.4.
describe("a page", () => {
  test.each([
    ["count=0", { totalResults: 5, startIndex: 1, itemsPerPage: 0, Resources: [] }],
    ["count=-1", { totalResults: 5, itemsPerPage: 0, Resources: [] }],
    ["count=999999999999", { totalResults: 5, itemsPerPage: 5 }],
    ["startIndex=0", { startIndex: 1, itemsPerPage: 5 }],
    ["startIndex=-4&count=1", { startIndex: 1, itemsPerPage: 1 }],
    ["startIndex=5", { startIndex: 5, itemsPerPage: 1 }],
    ["startIndex=6", { totalResults: 5, startIndex: 6, itemsPerPage: 0, Resources: [] }],
    ["filter=userName+pr&count=0", { totalResults: 5, Resources: [] }],
    ['filter=userName+eq+"ann@acme.example"&startIndex=2', { totalResults: 1, startIndex: 2, itemsPerPage: 0 }],
    ["startIndex=9007199254740991&count=1000", { totalResults: 5, itemsPerPage: 0, Resources: [] }],
  ])("AR-23: %s", async (query, expected) => expect((await acme.get(`/Users?${query}`)).body).toMatchObject(expected));

  test("of groups after the last one is empty", async () => {
    const response = await acme.get("/Groups?startIndex=9007199254740991");
    expect(response).toMatchObject({ status: 200, body: { itemsPerPage: 0, Resources: [] } });
  });

  test.each([
    "count=x",
    "count=",
    "count=1.5",
    "count=99999999999999999999",
    "startIndex=1.5",
    "startIndex=one",
    "startIndex=1e3",
    "count=1&count=2",
  ])("%s is 400 invalidValue", async (query) => {
    const response = await acme.get(`/Users?${query}`);
    expect(refusalOf(response)).toEqual([400, "invalidValue"]);
  });
});

// A filter parameter with a misspelled name must not list everybody.
describe("the name of a parameter", () => {
  test.each([
    ['/Users?Filter=userName+eq+"ann@acme.example"', "filter"],
    ['/Users?filters=userName+eq+"ann@acme.example"', "filter"],
    ["/Users?start_index=2", "startIndex"],
    ["/Groups?startindex=2", "startIndex"],
    ["/?sort_by=userName", "sortBy"],
  ])("%s is 400 and names %s", async (path, meant) => {
    const response = await acme.get(path);
    expect(refusalOf(response)).toEqual([400, "invalidValue"]);
    expect(response.body["detail"]).toContain(`its name is ${meant}.`);
  });

  test("that is like no known one is ignored", async () => {
    const response = await acme.get("/Users?aadOptscim062020&domain=acme.example&page=2&filter=active+eq+true");
    expect(shown(response)).toEqual(shown(await acme.get("/Users?filter=active+eq+true")));
  });
});

// Section 3.9, and RFC 7643 section 7 for attributes that are always returned.
describe("a projection", () => {
  const always = ["id", "schemas"];

  test.each<[string, readonly string[], object]>([
    ["attributes=userName", ["userName"], {}],
    ["attributes=USERNAME,%20bogus", ["userName"], {}],
    ["attributes=name.familyName", ["name"], { name: { familyName: "Zorn" } }],
    ["attributes=name.familyName,name", ["name"], { name: { familyName: "Zorn", givenName: "Ann", formatted: "Ann" } }],
    [`attributes=${core}:name.givenName,${core}:active`, ["active", "name"], { name: { givenName: "Ann" } }],
    ["attributes=emails.value", ["emails"], { emails: [{ value: "ann@acme.example" }] }],
    ["attributes=meta.resourceType", ["meta"], { meta: { resourceType: "User" } }],
    ["attributes=bogus", [], {}],
    [
      "excludedAttributes=id,schemas,meta,emails,name,externalId",
      ["active", "displayName", "userName"],
      { userName: "ann@acme.example" },
    ],
    [
      "excludedAttributes=name.formatted,emails.type,emails.primary,meta,externalId,displayName,active,userName",
      ["emails", "name"],
      { name: { familyName: "Zorn", givenName: "Ann" }, emails: [{ value: "ann@acme.example" }] },
    ],
  ])("%s", async (query, keys, expected) => {
    const one = await acme.get(`/Users/${ids.get("ann")}?${query}`);
    expect(Object.keys(one.body).toSorted()).toEqual([...keys, ...always].toSorted());
    for (const [name, value] of Object.entries(expected)) expect(one.body[name]).toEqual(value);
    const listed = await acme.get(`/Users?${query}&filter=${encodeURIComponent('userName eq "ann@acme.example"')}`);
    expect(resourcesOf(listed)).toEqual([one.body]);
    const paged = await acme.get(`/Users?${query}&filter=${encodeURIComponent('userName sw "ann"')}`);
    expect(resourcesOf(paged)).toEqual([one.body]);
  });

  test.each(["/Users", "/Groups", "/"])("%s refuses to both take in and leave out", async (path) => {
    const response = await acme.get(`${path}?attributes=displayName&excludedAttributes=meta`);
    expect(refusalOf(response)).toEqual([400, "invalidValue"]);
  });

  test("members are left out or shown in part as requested", async () => {
    const [bare] = resourcesOf(await acme.get('/Groups?excludedAttributes=members&filter=displayName+eq+"eng"'));
    expect(Object.keys(bare ?? {})).not.toContain("members");
    const [parts] = resourcesOf(await acme.get('/Groups?attributes=members.display&filter=displayName+eq+"eng"'));
    expect(parts?.["members"]).toEqual([{ display: "ann@acme.example" }, { display: "cyd@acme.example" }]);
  });
});
