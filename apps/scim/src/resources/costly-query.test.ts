import { expect, test } from "vitest";
import { resourcesOf, type ScimResponse, refusalOf } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme } = await useScim();

await acme.post("/Groups", { displayName: "Engineers" });

/** Does `work` while reads of group members never end, as in a far too large database. */
function whileSlow<T>(work: () => Promise<T>): Promise<T> {
  return scim.database.transaction(async (tx) => {
    await tx.query({ name: "", text: "lock table role_grant in access exclusive mode" }, []);
    return work();
  });
}

const costly = `/Groups?filter=${encodeURIComponent('members.display co "zzz"')}`;
const lookUp = (): Promise<ScimResponse> =>
  acme.get(`/Users?filter=${encodeURIComponent(`userName eq "${scim.ownerEmail}"`)}`);

// RFC 7644 section 3.12, table 9: "tooMany" is for results that the server is not willing to calculate.
test.each([
  ["a filter", () => acme.get(costly)],
  ["a filter at the root", () => acme.get(costly.replace("/Groups", ""))],
  ["not of it", () => acme.get(`/Groups?filter=${encodeURIComponent('not (members.display ne "zzz")')}`)],
])("%s that would take too long is 400 tooMany within seconds, and delays no other request", async (_, ask) => {
  const startedMs = performance.now();
  const [refused, found] = await whileSlow(() => Promise.all([ask(), lookUp()]));
  expect(refusalOf(refused)).toEqual([400, "tooMany"]);
  expect(found.body["totalResults"]).toBe(1);
  expect(performance.now() - startedMs).toBeLessThan(15_000);
  expect((await ask()).status).toBe(200);
});

test("many at once leave capacity for others: few run, some wait, the rest gets a retry error", async () => {
  const responses: ScimResponse[] = [];
  const ask = async (whenSixteen: () => void): Promise<void> => {
    responses.push(await acme.get(costly));
    if (responses.length === 16) whenSixteen();
  };
  const pending = await whileSlow(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const all = Array.from({ length: 60 }, () => ask(resolve));
    expect((await lookUp()).body["totalResults"]).toBe(1);
    await promise;
    return { all };
  });
  await Promise.all(pending.all);
  const busy = responses.filter(({ status }) => status === 429);
  expect(busy.length).toBeGreaterThan(0);
  expect(busy.every(({ headers }) => headers.get("retry-after") === "5")).toBe(true);
  expect(responses.map(({ status }) => status).filter((status) => ![200, 400, 429].includes(status))).toEqual([]);
  expect(responses.filter(({ status }) => status === 200).every((one) => resourcesOf(one).length === 0)).toBe(true);
  expect((await acme.get(costly)).status).toBe(200);
});
