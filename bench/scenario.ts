import { findsNone, findsOne, isPerson } from "./checks.ts";
import { closedLoop } from "./closed-loop.ts";
import { textAt } from "./json.ts";
import { activeBody, person, userBody } from "./person.ts";
import { randomFrom } from "./random.ts";
import type { ScimClient } from "./scim-client.ts";
import { newTally, note, type Tally } from "./tally.ts";

export type ScenarioName = "lookup" | "okta-mix";

/** The input of a window. `round` makes new people in every round; `turnsMax` and `deadline` bound it. */
export type Drive = {
  readonly client: ScimClient;
  readonly connections: number;
  readonly seed: number;
  readonly seededUsers: number;
  readonly round: string;
  readonly turnsMax: number;
  readonly deadline: number;
};

/**
 * A scenario runs its window into `tally`. What it returns reads back, outside of the measured time, whether the last
 * answers were true.
 */
export type Scenario = (drive: Drive, tally: Tally) => Promise<() => Promise<void>>;

const readBackMax = 25;
const seedTimeoutMs = 600_000;

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = { lookup, "okta-mix": oktaMix };

/** Creates the people that `lookup` finds, over the API. Throws at the first wrong answer. */
export async function seedUsers(client: ScimClient, users: number, connections: number): Promise<void> {
  const tally = newTally();
  const done = await closedLoop(connections, users, performance.now() + seedTimeoutMs, async (index) => {
    const wanted = person("seed", index);
    note(tally, "seed", await client.send("POST", "/Users", userBody(wanted)), isPerson(wanted, true, 201));
    if (tally.errors > 0) throw new Error(`Seeding failed: ${tally.samples.join("; ")}`);
  });
  if (done < users) throw new Error(`Only ${done} of ${users} users were seeded in ${seedTimeoutMs / 1000} s.`);
}

async function lookup(
  { client, connections, seed, seededUsers, turnsMax, deadline }: Drive,
  tally: Tally,
): Promise<() => Promise<void>> {
  const random = randomFrom(seed);
  await closedLoop(connections, turnsMax, deadline, async () => {
    const { userName } = person("seed", Math.floor(random() * seededUsers));
    note(tally, "lookup", await client.send("GET", byUserName(userName)), findsOne(userName));
  });
  return async () => undefined;
}

async function oktaMix(
  { client, connections, round, turnsMax, deadline }: Drive,
  tally: Tally,
): Promise<() => Promise<void>> {
  const lives: Life[] = [];
  await closedLoop(connections, turnsMax, deadline, async (index) => {
    const life = await liveOnce(client, round, index, tally);
    if (life !== undefined) lives.push(life);
  });
  const step = Math.max(1, Math.floor(lives.length / readBackMax));
  const sample = lives.filter((_, index) => index % step === 0).slice(0, readBackMax);
  return async () => {
    for (const { id, changed } of sample) {
      note(tally, "read back", await client.send("GET", `/Users/${id}`), isPerson(changed, true, 200));
    }
  };
}

type Life = { readonly id: string; readonly changed: ReturnType<typeof person> };

/** One person's calls, in the order in which Okta makes them. Ends at the first wrong answer. */
async function liveOnce(client: ScimClient, round: string, index: number, tally: Tally): Promise<Life | undefined> {
  const created = person(round, index);
  const changed = { ...created, familyName: `${created.familyName}-${index % 97}` };
  note(tally, "lookup miss", await client.send("GET", byUserName(created.userName)), findsNone);
  const body = note(
    tally,
    "create",
    await client.send("POST", "/Users", userBody(created)),
    isPerson(created, true, 201),
  );
  const id = textAt(body, "id");
  if (id === undefined) return undefined;
  const path = `/Users/${encodeURIComponent(id)}`;
  note(tally, "get", await client.send("GET", path), isPerson(created, true, 200));
  note(tally, "put name", await client.send("PUT", path, { ...userBody(changed), id }), isPerson(changed, true, 200));
  note(tally, "patch off", await client.send("PATCH", path, activeBody(false)), isPerson(changed, false, 200, 204));
  note(tally, "patch on", await client.send("PATCH", path, activeBody(true)), isPerson(changed, true, 200, 204));
  return { id: encodeURIComponent(id), changed };
}

const byUserName = (userName: string): string =>
  `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}&startIndex=1&count=100`;
