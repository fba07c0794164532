import { crc32 } from "node:zlib";
import type { Database } from "@rollcall/db";
import { PATCH_OP } from "@rollcall/scim-protocol";
import { z } from "zod";

/** A response of the service; `body` is {} if there is none. */
export type ScimResponse = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
};

export type ScimClient = Readonly<
  Record<"get" | "post" | "put" | "patch" | "delete", (path: string, body?: unknown) => Promise<ScimResponse>>
>;

/** A SCIM client for the service. `path` begins with a slash and is relative to `baseUrl`. For tests only. */
export function scimClient(baseUrl: string, token: string): ScimClient {
  const method = (name: string) => (path: string, body?: unknown) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return call(`${baseUrl}${path}`, name, { authorization: `Bearer ${token}` }, text);
  };
  const [get, post, put] = [method("GET"), method("POST"), method("PUT")];
  return { get, post, put, patch: method("PATCH"), delete: method("DELETE") };
}

/** Sends one request with its body unchanged. */
export async function call(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<ScimResponse> {
  const type = body === undefined ? {} : { "content-type": "application/scim+json; charset=utf-8" };
  const init = { method, headers: { ...type, ...headers } };
  const response = await fetch(url, body === undefined ? init : { ...init, body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: bodyOf(text) };
}

function bodyOf(text: string): Readonly<Record<string, unknown>> {
  return text === "" ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

/** The id of the resource in a response; throws if there is none. */
export function idOf(response: ScimResponse): string {
  const id = response.body["id"];
  if (typeof id !== "string") throw new Error(`There is no id in a response of ${response.status}: ${response.text}`);
  return id;
}

/** Status and scimType. */
export function refusalOf({ status, body }: ScimResponse): readonly [status: number, scimType: unknown] {
  return [status, body["scimType"]];
}

export function detailOf(response: ScimResponse): string {
  return z.string().parse(response.body["detail"]);
}

const resource = z.looseObject({ id: z.string() });

/** The resources of a list. */
export function resourcesOf(response: ScimResponse): readonly z.infer<typeof resource>[] {
  return z.array(resource).parse(response.body["Resources"]);
}

/** The ids of a group's members. */
export function membersOf(response: ScimResponse): readonly string[] {
  return z
    .array(z.object({ value: z.string() }))
    .parse(response.body["members"])
    .map(({ value }) => value);
}

/** The body of a PATCH. */
export function patchOf(...operations: readonly object[]): object {
  return { schemas: [PATCH_OP], Operations: operations };
}

/** Operations of a PATCH, with a path. */
export const add = (path: string, value: unknown): object => ({ op: "add", path, value });
export const replace = (path: string, value: unknown): object => ({ op: "replace", path, value });
export const remove = (path: string, value?: unknown): object => ({ op: "remove", path, value });

const changeRow = z.object({
  kind: z.string(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  requestId: z.string().nullable(),
  subjectKind: z.string(),
  subjectId: z.string().nullable(),
  subjectName: z.string(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  refusal: z.string().nullable(),
});
export type ChangeEntry = z.infer<typeof changeRow>;

/** The SCIM entries in the change log of an organization, oldest first. */
export async function changesOf(database: Database, organizationId: string): Promise<readonly ChangeEntry[]> {
  const text = `select kind, actor_kind as "actorKind", actor_id as "actorId", request_id as "requestId",
    subject_kind as "subjectKind", subject_id as "subjectId", subject_name as "subjectName", before, after, refusal
    from change where organization_id = $1 and actor_kind = 'token' order by id`;
  return z.array(changeRow).parse(await database.sql.query({ name: "test_changes", text }, [organizationId]));
}

const grantRow = z.object({ role: z.string(), source: z.string() });

/** The roles of a member as "name/source", sorted. */
export async function rolesOf(database: Database, memberId: string): Promise<readonly string[]> {
  const text = `select r.name as role, g.source from role_grant g join role r on r.organization_id = g.organization_id
    and r.id = g.role_id where g.member_id = $1`;
  const rows = z.array(grantRow).parse(await database.sql.query({ name: "test_roles", text }, [memberId]));
  return rows.map(({ role, source }) => `${role}/${source}`).sort();
}

/** A well-formed token with the same public part and another secret. */
export function forgedToken(token: string): string {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const body = `${token.slice(0, 16)}${"x".repeat(32)}`;
  const sum = crc32(body);
  const digits = [5, 4, 3, 2, 1, 0].map((place) => alphabet[Math.floor(sum / 62 ** place) % 62]);
  return `${body}${digits.join("")}`;
}
