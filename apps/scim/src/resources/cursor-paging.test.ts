import { issueToken } from "@rollcall/db";
import { LIST_RESPONSE } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { refusalOf, resourcesOf, scimClient, type ScimResponse } from "../testing/test-client.ts";
import { startNode } from "../testing/test-harness.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, person } = await useScim();
const addPerson = async (more?: object): Promise<string> => (await person(more)).id;
const idsOf = (response: ScimResponse): string[] => resourcesOf(response).map(({ id }) => id);

for (let index = 0; index < 11; index++)
  await addPerson(index % 3 === 0 ? {} : { name: { familyName: `F${index % 2}` } });
for (const name of ["One", "Two", "Three"]) await acme.post("/Groups", { displayName: `Group ${name}` });
/** All members at the start, in the order of creation, the owner first. */
const everybody = idsOf(await acme.get("/Users?count=1000"));

const nextOf = (response: ScimResponse): string | undefined => z.string().optional().parse(response.body["nextCursor"]);

/** Pages through a list; `between` may change data after each page but the last. */
async function walk(path: string, between: (page: number) => Promise<void> = async () => {}): Promise<ScimResponse[]> {
  const pages: ScimResponse[] = [];
  let cursor: string | undefined = "";
  while (cursor !== undefined) {
    if (pages.length > 100) throw new Error("The list has no end.");
    const page: ScimResponse = await acme.get(`${path}${path.includes("?") ? "&" : "?"}cursor=${cursor}`);
    pages.push(page);
    cursor = nextOf(page);
    if (cursor !== undefined) await between(pages.length);
  }
  return pages;
}

// RFC 9865 section 2.
describe("a walk by cursor", () => {
  test.each([
    "/Users?count=5",
    "/Users?count=1",
    "/Users?count=12",
    "/Users",
    "/Users?count=5&sortBy=name.familyName",
    "/Users?count=4&sortBy=name.familyName&sortOrder=descending",
    "/Users?count=5&sortBy=userName&sortOrder=descending",
    "/Users?count=2&sortBy=meta.lastModified",
    "/Users?count=2&sortBy=active",
    '/Users?count=2&filter=userName+sw+"p"',
    "/Groups?count=2",
    "/Groups?count=1&sortBy=displayName&sortOrder=descending&excludedAttributes=members",
    "/?count=4",
    "/?count=3&sortBy=displayName",
    "/?count=3&sortBy=userName&sortOrder=descending",
    "/?count=3&sortBy=meta.created",
    "/?count=3&sortBy=id&sortOrder=descending",
  ])("%s returns each resource once, in the order of the whole list", async (path) => {
    const whole = await acme.get(path.replace(/count=\d+/, "count=1000"));
    const pages = await walk(path);
    expect(pages.flatMap(idsOf)).toEqual(idsOf(whole));
    for (const [place, page] of pages.entries()) {
      expect(page.body).toMatchObject({ totalResults: whole.body["totalResults"], itemsPerPage: idsOf(page).length });
      expect(Object.keys(page.body)).not.toContain("startIndex");
      expect(nextOf(page) === undefined).toBe(place === pages.length - 1);
      expect(nextOf(page) ?? "x").toMatch(/^[A-Za-z0-9._~-]+$/);
    }
  });

  test("adding and deleting people between the pages neither skips nor repeats any other", async () => {
    const [first, second] = [await addPerson(), await addPerson()];
    const stay = idsOf(await acme.get("/Users?count=1000")).filter((id) => id !== first && id !== second);
    const seen: string[] = [];
    const pages = await walk("/Users?count=3&sortBy=userName", async (page) => {
      if (page === 1) await acme.delete(`/Users/${first}`);
      if (page === 2) await addPerson({ userName: "a-first-in-the-order@acme.example" });
      if (page === 3) await acme.delete(`/Users/${second}`);
    });
    seen.push(...pages.flatMap(idsOf));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => stay.includes(id)).toSorted()).toEqual([...stay].toSorted());
  });

  test("the person in a cursor may be deleted", async () => {
    const [first, second] = [await addPerson(), await addPerson()];
    const query = `filter=${encodeURIComponent(`id eq "${first}" or id eq "${second}"`)}&count=1`;
    const page = await acme.get(`/Users?${query}&cursor=`);
    expect(idsOf(page)).toEqual([first]);
    await acme.delete(`/Users/${first}`);
    expect(idsOf(await acme.get(`/Users?${query}&cursor=${nextOf(page)}`))).toEqual([second]);
  });

  test("cursor without a value is the first page, and the size of a page may change on the way", async () => {
    const first = await acme.get("/Users?cursor&count=2");
    const second = await acme.get(`/Users?count=3&cursor=${nextOf(first)}`);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(everybody.slice(0, 5));
  });

  test.each(["/Users?count=0", "/Users?count=-3", "/Groups?count=0&sortBy=displayName", "/?count=0"])(
    "%s is totalResults alone (RFC 9865 section 2, table 1)",
    async (path) => {
      const { totalResults } = (await acme.get(path)).body;
      const { body } = await acme.get(`${path}&cursor=`);
      expect(totalResults).toBeGreaterThan(0);
      expect(body).toEqual({ schemas: [LIST_RESPONSE], totalResults, itemsPerPage: 0, Resources: [] });
    },
  );

  test("a look-up has one page", async () => {
    const response = await acme.get(`/Users?cursor=&filter=${encodeURIComponent(`userName eq "${scim.ownerEmail}"`)}`);
    expect(response.body).toMatchObject({ totalResults: 1, itemsPerPage: 1 });
    expect(Object.keys(response.body)).toEqual(expect.not.arrayContaining(["nextCursor", "startIndex"]));
  });
});

// Behind a load balancer any node may serve the next page, so cursors must not depend on a node's state.
test("a cursor of one node is understood by another one", async () => {
  const node = await startNode(scim);
  const other = scimClient(node.baseUrl, scim.token);
  const first = await acme.get("/Users?count=2&sortBy=userName&cursor=");
  const second = await other.get(`/Users?count=2&sortBy=userName&cursor=${nextOf(first)}`);
  const whole = await acme.get("/Users?count=4&sortBy=userName");
  await node.stop();
  expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(whole));
});

// RFC 9865 section 2.1.
describe("a cursor that does not fit", () => {
  test.each([
    ["/Users?cursor=&startIndex=1", "invalidValue"],
    ["/Users?cursor=&count=1001", "invalidCount"],
    ["/Users?cursor=&count=x", "invalidCount"],
    ["/Users?cursor=x", "invalidCursor"],
    ["/Users?cursor=%00", "invalidCursor"],
    [`/Users?cursor=${"A".repeat(40)}`, "invalidCursor"],
    [`/Groups?cursor=${"A".repeat(9000)}`, "invalidCursor"],
    ["/?cursor=bogus", "invalidCursor"],
  ])("%s is 400 %s", async (path, scimType) => {
    expect(refusalOf(await acme.get(path))).toEqual([400, scimType]);
  });

  test("opens no other list, and none once it is changed", async () => {
    const cursor = nextOf(await acme.get('/Users?count=2&cursor=&filter=userName+sw+"p"&sortBy=userName')) ?? "";
    const fits = '/Users?count=2&filter=userName+sw+"p"&sortBy=userName';
    expect((await acme.get(`${fits}&cursor=${cursor}`)).status).toBe(200);
    for (const path of [
      `/Users?count=2&sortBy=userName&cursor=${cursor}`,
      `/Users?count=2&filter=userName+sw+"q"&sortBy=userName&cursor=${cursor}`,
      `/Users?count=2&filter=userName+sw+"p"&cursor=${cursor}`,
      `${fits}&sortOrder=descending&cursor=${cursor}`,
      `/Groups?count=2&cursor=${cursor}`,
      `/?count=2&filter=userName+sw+"p"&sortBy=userName&cursor=${cursor}`,
      `${fits}&cursor=${cursor.slice(0, -2)}`,
      `${fits}&cursor=${cursor.startsWith("A") ? "B" : "A"}${cursor.slice(1)}`,
      `${fits}&cursor=${cursor}AAAA`,
    ]) {
      expect([path, ...refusalOf(await acme.get(path))]).toEqual([path, 400, "invalidCursor"]);
    }
  });

  test("is invalid with any other token, of the same organization or another", async () => {
    const cursor = nextOf(await acme.get("/Users?count=2&cursor="));
    const issued = await issueToken(scim.database, await scim.context(), { name: "Second" });
    if (!issued.ok) throw new Error(issued.error.kind);
    const rival = await scim.addOrganization("Rival");
    for (const token of [issued.value.token, rival.token]) {
      const response = await scimClient(scim.baseUrl, token).get(`/Users?count=2&cursor=${cursor}`);
      expect(refusalOf(response)).toEqual([400, "invalidCursor"]);
      expect(response.text).not.toContain("acme.example");
    }
    const unauthenticated = await scimClient(scim.baseUrl, `${scim.token.slice(0, -1)}_`).get(
      `/Users?cursor=${cursor}`,
    );
    expect(unauthenticated.status).toBe(401);
  });

  test("has expired after an hour, not before", async () => {
    const path = `/Users?count=2&cursor=${nextOf(await acme.get("/Users?count=2&cursor="))}`;
    scim.advance(3_590_000);
    expect((await acme.get(path)).status).toBe(200);
    scim.advance(20_000);
    expect(refusalOf(await acme.get(path))).toEqual([400, "expiredCursor"]);
  });
});

test("AR-28: ServiceProviderConfig lists the paging methods", async () => {
  expect((await acme.get("/ServiceProviderConfig")).body["pagination"]).toEqual({
    cursor: true,
    index: true,
    defaultPaginationMethod: "index",
    defaultPageSize: 100,
    maxPageSize: 1000,
    cursorTimeout: 3600,
  });
});
