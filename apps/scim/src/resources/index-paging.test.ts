import { expect, test } from "vitest";
import { resourcesOf, scimClient, type ScimResponse } from "../testing/test-client.ts";
import { startNode } from "../testing/test-harness.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, person } = await useScim();
const addPerson = async (more?: object): Promise<string> => (await person(more)).id;

for (let index = 0; index < 15; index++)
  await addPerson(index % 3 === 0 ? {} : { displayName: `D${index % 4}`, active: index % 2 === 0 });
for (const name of ["x", "b", "Z", "a"]) await acme.post("/Groups", { displayName: name });

const idsOf = (response: ScimResponse): string[] => resourcesOf(response).map(({ id }) => id);

/** Pages by startIndex as Okta does: startIndex grows by the page size, whatever was returned. */
async function walk(query: string, count: number, between?: (page: number) => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  for (let page = 0; page < 100; page++) {
    const response = await acme.get(`${query}&startIndex=${1 + page * count}&count=${count}`);
    expect(response.body).toMatchObject({ startIndex: 1 + page * count, itemsPerPage: idsOf(response).length });
    if (idsOf(response).length === 0) return seen;
    seen.push(...idsOf(response));
    await between?.(page + 1);
  }
  throw new Error("The list has no end.");
}

const lists = [
  "/Users?",
  "/Users?sortBy=userName&sortOrder=descending",
  "/Users?sortBy=displayName",
  "/Users?sortBy=displayName&sortOrder=descending",
  "/Users?sortBy=active",
  "/Users?sortBy=meta.created",
  "/Users?filter=displayName+pr+or+active+eq+true&sortBy=id&sortOrder=descending",
  "/Groups?sortBy=displayName",
  "/?sortBy=displayName",
  "/?sortBy=meta.lastModified&sortOrder=descending",
];

// A page that starts at a remembered place must equal the page found by counting.
test.each(lists)("AR-23 AR-24: %s is the same with anchors and without", async (query) => {
  const whole = idsOf(await acme.get(`${query}&count=1000`));
  for (const count of [1, 2, 7]) {
    expect(await walk(query, count)).toEqual(whole);
    scim.advance(61_000);
    for (let index = whole.length; index > 0; index -= count) {
      expect(idsOf(await acme.get(`${query}&startIndex=${index}&count=${count}`))).toEqual(
        whole.slice(index - 1, index - 1 + count),
      );
    }
  }
});

test.each(["/Users?", "/Users?sortBy=userName", "/Users?sortBy=displayName&sortOrder=descending"])(
  "AR-23: %s skips no person when an earlier one is deleted between two pages",
  async (query) => {
    const doomed = [await addPerson({ displayName: "zz" }), await addPerson()];
    const stay = idsOf(await acme.get(`${query}&count=1000`)).filter((id) => !doomed.includes(id));
    const gone: string[] = [];
    const seen = await walk(query, 4, async () => {
      const id = doomed.pop();
      if (id === undefined) return;
      gone.push(id);
      await acme.delete(`/Users/${id}`);
    });
    expect(gone).toHaveLength(2);
    expect(seen.filter((id) => stay.includes(id))).toEqual(stay);
  },
);

// Places are remembered for one token, one list and one minute.
test("the place of a page is remembered for its own token and list, and not for long", async () => {
  const [first = "", second = "", third = ""] = idsOf(await acme.get("/Users?sortBy=userName&count=3&startIndex=1"));
  const fourth = idsOf(await acme.get("/Users?sortBy=userName&count=1&startIndex=4"));
  await acme.delete(`/Users/${second}`);
  expect(idsOf(await acme.get("/Users?sortBy=userName&count=1&startIndex=4"))).toEqual(fourth);
  const other = await acme.get("/Users?sortBy=userName&sortOrder=descending&count=1000");
  expect(idsOf(other)).not.toContain(second);
  scim.advance(61_000);
  const counted = idsOf(await acme.get("/Users?sortBy=userName&count=3&startIndex=1"));
  expect(counted).toEqual([first, third, ...fourth]);
});

test("an added person repeats no other on the second page", async () => {
  const before = idsOf(await acme.get("/Users?sortBy=userName&count=1000"));
  let isAdded = false;
  const seen = await walk("/Users?sortBy=userName", 3, async () => {
    if (!isAdded) await addPerson({ userName: "a0@acme.example" });
    isAdded = true;
  });
  expect(seen).toEqual(before);
});

// A pair of nodes behind a load balancer, each serving every other page.
test.each(["/Users?", "/Users?sortBy=displayName", "/?sortBy=displayName&sortOrder=descending"])(
  "AR-23: %s is the same when nodes take turns",
  async (query) => {
    const node = await startNode(scim);
    const clients = [acme, scimClient(node.baseUrl, scim.token)];
    const whole = idsOf(await acme.get(`${query}&count=1000`));
    const seen: string[] = [];
    for (let page = 0; page * 3 < whole.length; page++) {
      const response = await clients[page % 2]?.get(`${query}&startIndex=${1 + page * 3}&count=3`);
      seen.push(...(response === undefined ? [] : idsOf(response)));
    }
    await node.stop();
    expect(seen).toEqual(whole);
  },
);
