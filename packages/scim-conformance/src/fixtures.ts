import { expectStatus, idsOf, resourcesOf, stringAt, violation } from "./assertion.ts";
import {
  groupBody,
  groupsOf,
  isLikeGroup,
  isLikePerson,
  peopleOf,
  personBody,
  type GroupData,
  type GroupNumber,
  type PersonData,
  type PersonNumber,
} from "./fixture-resources.ts";
import type { Client, ScimResponse } from "./http-client.ts";
import type { JsonObject } from "./json.ts";

/** `path` is below the base URL: "/Users/{id}". */
type Person = PersonData & { readonly id: string; readonly path: string };
type Group = GroupData & { readonly id: string; readonly path: string; readonly memberIds: readonly string[] };

/** The five people and the two groups that all checks share. */
export type Fixtures = {
  readonly person: (number: PersonNumber) => Person;
  readonly group: (number: GroupNumber) => Group;
  readonly people: () => readonly Person[];
  readonly groups: () => readonly Group[];
  /** The prefix of every userName and displayName of a group. */
  readonly label: string;
  /**
   * Restores the initial state: creates missing people and groups, replaces changed ones and deletes other groups with
   * the label. Two list requests tell whether there is anything to do.
   */
  readonly restore: () => Promise<void>;
  /** Deletes all people and groups. Returns what could not be deleted, one line each. */
  readonly remove: () => Promise<readonly string[]>;
};

export type FixtureOptions = { readonly client: Client; readonly domain: string; readonly label: string };

/** Creates the fixtures or reuses those of an earlier run. Throws if the service refuses, after deleting them again. */
export async function createFixtures({ client, domain, label }: FixtureOptions): Promise<Fixtures> {
  const peopleData = peopleOf(label, domain);
  const groupsData = groupsOf(label);
  const people = new Map<PersonNumber, Person>();
  const groups = new Map<GroupNumber, Group>();
  const person = (number: PersonNumber): Person => created(people.get(number));
  const group = (number: GroupNumber): Group => created(groups.get(number));
  const restore = async (): Promise<void> => {
    const listed = resourcesOf(await list(client, "/Users", `userName sw "${label}-"`));
    for (const data of peopleData) {
      const id = await restored(client, userOf(data), listed, people.get(data.number)?.id);
      people.set(data.number, { ...data, id, path: `/Users/${id}` });
    }
    const listedGroups = resourcesOf(await list(client, "/Groups", `displayName sw "${label}"`));
    for (const data of groupsData) {
      const memberIds = data.members.map((number) => person(number).id);
      const id = await restored(client, groupOf(data, memberIds), listedGroups, groups.get(data.number)?.id);
      groups.set(data.number, { ...data, id, path: `/Groups/${id}`, memberIds });
    }
    const kept = new Set([...groups.values()].map(({ id }) => id));
    const others = listedGroups.map(({ id }) => String(id)).filter((id) => !kept.has(id));
    await removeGroups(client, others);
  };
  const removeFixtures = (): Promise<readonly string[]> => removeAll(client, label, peopleData);
  try {
    await restore();
  } catch (cause) {
    await removeFixtures();
    throw cause;
  }
  return {
    label,
    person,
    group,
    people: () => peopleData.map(({ number }) => person(number)),
    groups: () => groupsData.map(({ number }) => group(number)),
    restore,
    remove: removeFixtures,
  };
}

/** A resource as it must be after a restore. */
type Expected = {
  readonly endpoint: "/Users" | "/Groups";
  /** Find the resource when its id is not known or does not exist any more. */
  readonly filters: readonly string[];
  readonly body: JsonObject;
  readonly isLike: (resource: unknown) => boolean;
  /** The statuses of a successful PUT. */
  readonly replacedStatuses: readonly number[];
};

/** By userName, or by externalId for a person that was renamed. */
function userOf(person: PersonData): Expected {
  return {
    endpoint: "/Users",
    filters: [`userName eq "${person.userName}"`, `externalId eq "${person.externalId}"`],
    body: personBody(person),
    isLike: (resource) => isLikePerson(resource, person),
    replacedStatuses: [200],
  };
}

function groupOf(group: GroupData, memberIds: readonly string[]): Expected {
  return {
    endpoint: "/Groups",
    filters: [`displayName eq "${group.displayName}"`],
    body: groupBody(group, memberIds),
    isLike: (resource) => isLikeGroup(resource, group, memberIds),
    replacedStatuses: [200, 204],
  };
}

/** Creates or replaces the resource, unless the list shows it unchanged. Returns its id. */
async function restored(
  client: Client,
  expected: Expected,
  listed: readonly JsonObject[],
  knownId: string | undefined,
): Promise<string> {
  const { endpoint, body, isLike } = expected;
  if (knownId !== undefined && listed.some((one) => one["id"] === knownId && isLike(one))) return knownId;
  const found = await find(client, expected, knownId);
  if (found === undefined) {
    const posted = await client.send({ method: "POST", path: endpoint, body });
    expectStatus(posted, 201);
    return stringAt(posted, "id");
  }
  const id = stringAt(found, "id");
  if (isLike(found.body)) return id;
  const path = `${endpoint}/${id}`;
  expectStatus(await client.send({ method: "PUT", path, body: { ...body, id } }), ...expected.replacedStatuses);
  const read = await client.send({ method: "GET", path });
  if (isLike(read.body)) return id;
  throw violation(read, `should show the resource as it was replaced: ${JSON.stringify(body)}`);
}

/** Reads the resource under the known id, or under the id that the first matching filter finds. */
async function find(
  client: Client,
  { endpoint, filters }: Pick<Expected, "endpoint" | "filters">,
  knownId: string | undefined,
): Promise<ScimResponse | undefined> {
  const read = async (id: string): Promise<ScimResponse | undefined> => {
    const response = await client.send({ method: "GET", path: `${endpoint}/${encodeURIComponent(id)}` });
    expectStatus(response, 200, 404);
    return response.status === 200 ? response : undefined;
  };
  const known = knownId === undefined ? undefined : await read(knownId);
  if (known !== undefined) return known;
  for (const filter of filters) {
    const [id] = idsOf(await list(client, endpoint, filter));
    if (id !== undefined) return read(id);
  }
  return undefined;
}

async function removeGroups(client: Client, ids: readonly string[]): Promise<void> {
  for (const id of ids) expectStatus(await client.send({ method: "DELETE", path: `/Groups/${id}` }), 204, 404);
}

async function removeAll(client: Client, label: string, people: readonly PersonData[]): Promise<readonly string[]> {
  const left: string[] = [];
  const attempt = async (what: string, removal: () => Promise<void>): Promise<void> => {
    try {
      await removal();
    } catch (cause) {
      left.push(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  await attempt(`the groups whose name begins with ${label}`, async () =>
    removeGroups(client, idsOf(await list(client, "/Groups", `displayName sw "${label}"`))),
  );
  for (const person of people) {
    await attempt(person.userName, async () => {
      const found = await find(client, userOf(person), undefined);
      if (found === undefined) return;
      const path = `/Users/${stringAt(found, "id")}`;
      expectStatus(await client.send({ method: "DELETE", path }), 204, 404);
    });
  }
  return left;
}

function list(client: Client, path: string, filter: string): Promise<ScimResponse> {
  return client.send({ method: "GET", path: `${path}?filter=${encodeURIComponent(filter)}` });
}

function created<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The fixtures have not been created.");
  return value;
}
