import { expectStatus, idsOf, resourcesOf, stringAt, violation } from "./assertion.ts";
import { groupBody, groupsOf, isLikeGroup, isLikePerson, peopleOf, personBody } from "./cast-roles.ts";
import type { Group, GroupNumber, GroupRole, Person, PersonNumber, PersonRole } from "./cast-roles.ts";
import type { ScimResponse, Client } from "./http-client.ts";
import type { JsonObject } from "./json.ts";

/** The five people and the two groups that all checks share. */
export type Cast = {
  person(number: PersonNumber): Person;
  group(number: GroupNumber): Group;
  people(): readonly Person[];
  groups(): readonly Group[];
  /** The name that each of them begins with. */
  readonly label: string;
  /**
   * Makes all of them again as they were at the beginning: what is gone is created, what is changed is replaced, and a
   * group that a check has made beside them is deleted. Two lists show whether there is anything to do.
   */
  restore(): Promise<void>;
  restorePerson(number: PersonNumber): Promise<Person>;
  /** Deletes all of them. Returns what could not be removed, a line each. */
  remove(): Promise<readonly string[]>;
};

export type CastOptions = { readonly client: Client; readonly domain: string; readonly label: string };

/** Creates the cast, or takes over what an earlier run has left. Throws where the service does not let it. */
export async function makeCast({ client, domain, label }: CastOptions): Promise<Cast> {
  const roles = peopleOf(label, domain);
  const groupRoles = groupsOf(label);
  const people = new Map<PersonNumber, Person>();
  const groups = new Map<GroupNumber, Group>();
  const person = (number: PersonNumber): Person => known(people.get(number));
  const restorePerson = async (role: PersonRole): Promise<Person> => {
    const restored = { ...role, id: await restoredPerson(client, role, people.get(role.number)?.id) };
    people.set(role.number, restored);
    return restored;
  };
  const restore = async (): Promise<void> => {
    const listed = resourcesOf(await list(client, "/Users", `userName sw "${label}-"`));
    for (const role of roles) {
      const id = people.get(role.number)?.id;
      if (!listed.some((one) => one["id"] === id && isLikePerson(one, role))) await restorePerson(role);
    }
    const listedGroups = resourcesOf(await list(client, "/Groups", `displayName sw "${label}"`));
    for (const role of groupRoles) {
      const memberIds = role.members.map((number) => person(number).id);
      const id = groups.get(role.number)?.id;
      const isThere = listedGroups.some((one) => one["id"] === id && isLikeGroup(one, role, memberIds));
      const restoredId = isThere && id !== undefined ? id : await restoredGroup(client, role, memberIds, id);
      groups.set(role.number, { ...role, id: restoredId, memberIds });
    }
    const kept = new Set([...groups.values()].map(({ id }) => id));
    await removeGroups(
      client,
      listedGroups.map(idOf).filter((id) => !kept.has(id)),
    );
  };
  const cast: Cast = {
    label,
    person,
    group: (number) => known(groups.get(number)),
    people: () => roles.map(({ number }) => person(number)),
    groups: () => groupRoles.map(({ number }) => known(groups.get(number))),
    restore,
    restorePerson: (number) => restorePerson(known(roles.find((role) => role.number === number))),
    remove: () => removeAll(client, label, roles),
  };
  try {
    await restore();
  } catch (cause) {
    await removeAll(client, label, roles);
    throw cause;
  }
  return cast;
}

async function restoredPerson(client: Client, role: PersonRole, id: string | undefined): Promise<string> {
  const found = await findPerson(client, role, id);
  const body = personBody(role);
  if (found === undefined) {
    const created = await client.send({ method: "POST", path: "/Users", body });
    expectStatus(created, 201);
    return stringAt(created, "id");
  }
  const foundId = String(found["id"]);
  if (isLikePerson(found, role)) return foundId;
  const path = `/Users/${foundId}`;
  const replaced = await client.send({ method: "PUT", path, body: { ...body, id: foundId } });
  expectStatus(replaced, 200);
  if (isLikePerson(replaced.body, role)) return foundId;
  throw violation(replaced, `should make ${role.userName} what the body says: ${JSON.stringify(body)}`);
}

/** Under the known id, else by userName, else by externalId, for who was renamed. */
async function findPerson(client: Client, role: PersonRole, id: string | undefined): Promise<JsonObject | undefined> {
  if (id !== undefined) {
    const read = await client.send({ method: "GET", path: `/Users/${encodeURIComponent(id)}` });
    expectStatus(read, 200, 404);
    if (read.status === 200 && typeof read.body === "object") return { ...read.body };
  }
  for (const filter of [`userName eq "${role.userName}"`, `externalId eq "${role.externalId}"`]) {
    const [first] = resourcesOf(await list(client, "/Users", filter));
    if (first !== undefined) return first;
  }
  return undefined;
}

async function restoredGroup(
  client: Client,
  role: GroupRole,
  memberIds: readonly string[],
  id: string | undefined,
): Promise<string> {
  const body = groupBody(role, memberIds);
  const known =
    id === undefined ? undefined : await client.send({ method: "GET", path: `/Groups/${encodeURIComponent(id)}` });
  const filter = `displayName eq "${role.displayName}"`;
  const [named] = known?.status === 200 ? [known.body] : resourcesOf(await list(client, "/Groups", filter));
  if (named === undefined) {
    const created = await client.send({ method: "POST", path: "/Groups", body });
    expectStatus(created, 201);
    return stringAt(created, "id");
  }
  const foundId = known?.status === 200 ? stringAt(known, "id") : idOf(named);
  const path = `/Groups/${foundId}`;
  if (isLikeGroup((await client.send({ method: "GET", path })).body, role, memberIds)) return foundId;
  expectStatus(await client.send({ method: "PUT", path, body: { ...body, id: foundId } }), 200, 204);
  const read = await client.send({ method: "GET", path });
  if (isLikeGroup(read.body, role, memberIds)) return foundId;
  throw violation(read, `should show ${role.displayName} as it was replaced: ${JSON.stringify(body)}`);
}

async function removeGroups(client: Client, ids: readonly string[]): Promise<void> {
  for (const id of ids) expectStatus(await client.send({ method: "DELETE", path: `/Groups/${id}` }), 204, 404);
}

async function removeAll(client: Client, label: string, roles: readonly PersonRole[]): Promise<readonly string[]> {
  const left: string[] = [];
  const attempt = async (what: string, removal: () => Promise<ScimResponse | undefined>): Promise<void> => {
    try {
      const response = await removal();
      if (response !== undefined) expectStatus(response, 204, 404);
    } catch (cause) {
      left.push(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  await attempt(`the groups whose name begins with ${label}`, async () => {
    await removeGroups(client, idsOf(await list(client, "/Groups", `displayName sw "${label}"`)));
    return undefined;
  });
  for (const role of roles) {
    await attempt(role.userName, async () => {
      const found = await findPerson(client, role, undefined);
      return found && client.send({ method: "DELETE", path: `/Users/${String(found["id"])}` });
    });
  }
  return left;
}

function list(client: Client, path: string, filter: string): Promise<ScimResponse> {
  return client.send({ method: "GET", path: `${path}?filter=${encodeURIComponent(filter)}` });
}

function idOf(resource: unknown): string {
  const id: unknown = typeof resource === "object" && resource !== null ? Reflect.get(resource, "id") : undefined;
  return String(id);
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The cast has not been made.");
  return value;
}
