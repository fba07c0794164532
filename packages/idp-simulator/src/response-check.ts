import { z } from "zod";
import { type ScimResponse, UnexpectedResponse } from "./connection.ts";
import { errorSchema, groupSchema, listSchema, scimMediaType, userSchema } from "./scim-wire.ts";

const id = z
  .string()
  .min(1)
  .refine((text) => text.toLowerCase() !== "bulkid", "is a reserved word");
const metaOf = (resourceType: "User" | "Group") =>
  z.looseObject({ resourceType: z.literal(resourceType), location: z.url() });
const schemasWith = (urn: string) => z.array(z.string()).refine((urns) => urns.includes(urn), `lacks ${urn}`);
/** An email address of a User. */
export const email = z.looseObject({
  value: z.string().min(1),
  type: z.string().optional(),
  primary: z.boolean().optional(),
});

/** A User as required by any provider. */
export const userShape = z.looseObject({
  schemas: schemasWith(userSchema),
  id,
  userName: z.string().min(1),
  active: z.boolean(),
  name: z.looseObject({ givenName: z.string().optional(), familyName: z.string().optional() }).optional(),
  emails: z.array(email).optional(),
  meta: metaOf("User"),
  password: z.undefined("must never be returned").optional(),
});
/** A User in a response: typed where providers look (O-SUP2, E-DOC), whole where they copy. */
export type RemoteUser = z.infer<typeof userShape>;

const groupShape = z.looseObject({
  schemas: schemasWith(groupSchema),
  id,
  displayName: z.string().min(1),
  members: z.array(z.looseObject({ value: z.string().min(1), display: z.string().optional() })).optional(),
  meta: metaOf("Group"),
});
export type RemoteGroup = z.infer<typeof groupShape>;

/** What the responses about people or about groups have in common. */
export type Located = { readonly id: string; readonly meta: { readonly location: string } };

/** People or groups: SCIM's name of the resource, ours in messages, and what a provider requires of one. */
export type ResourceKind<T extends Located> = {
  readonly name: "User" | "Group";
  readonly noun: "person" | "group";
  readonly shape: z.ZodType<T>;
};
export const userKind: ResourceKind<RemoteUser> = { name: "User", noun: "person", shape: userShape };
export const groupKind: ResourceKind<RemoteGroup> = { name: "Group", noun: "group", shape: groupShape };

const listShape = z.looseObject({
  schemas: schemasWith(listSchema),
  totalResults: z.int().min(0),
  startIndex: z.int().min(1),
  itemsPerPage: z.int().min(0),
  Resources: z.array(z.unknown()),
});
const errorShape = z.looseObject({ schemas: schemasWith(errorSchema), status: z.string(), detail: z.string().min(1) });

/** Throws `UnexpectedResponse` unless the status is one of these and a body, if any, is SCIM's media type. */
export function checkStatus(response: ScimResponse, ...statuses: readonly number[]): void {
  const { exchange, contentType, body } = response;
  if (!statuses.includes(exchange.status)) {
    const error = errorShape.safeParse(body);
    const said = error.success ? ` It says: ${error.data.detail}` : "";
    throw unexpected(response, `should answer ${statuses.join(" or ")}, but answered ${exchange.status}.${said}`);
  }
  if (body !== undefined && contentType.split(";")[0]?.trim().toLowerCase() !== scimMediaType) {
    throw unexpected(response, `should answer with ${scimMediaType}, but answered with "${contentType}".`);
  }
}

export function readResource<T extends Located>(response: ScimResponse, kind: ResourceKind<T>): T {
  return located(response, parse(response, kind.shape, response.body, `a ${kind.name}`), kind);
}

/** The requested part of a list; `startIndex` counts from 1. */
export type Window = { readonly startIndex: number; readonly count: number };
export type Page<T> = { readonly totalResults: number; readonly resources: readonly T[] };

/** Reads a page requested from `startIndex`, at most `count`. A shorter page than possible is wrong. */
export function readPage<T extends Located>(
  response: ScimResponse,
  kind: ResourceKind<T>,
  { startIndex, count }: Window,
): Page<T> {
  const list = readList(response, startIndex, count);
  const read = (resource: unknown) =>
    located(response, parse(response, kind.shape, resource, `a ${kind.name} in a list`), kind);
  return { totalResults: list.totalResults, resources: list.Resources.map(read) };
}

/** Reads a list that was requested without paging, such as the schemas; `what` names one of its resources. */
export function readUnpaged<T>(response: ScimResponse, shape: z.ZodType<T>, what: string): T[] {
  const list = readList(response, 1, Number.MAX_SAFE_INTEGER);
  return list.Resources.map((resource) => parse(response, shape, resource, `${what} in a list`));
}

/**
 * Reads the detail of an error response. The body must be SCIM's Error with the status as a string (RFC 7644, section
 * 3.12).
 */
export function readRefusal(response: ScimResponse, status: number): string {
  checkStatus(response, status);
  const error = parse(response, errorShape, response.body, "a SCIM Error");
  if (error.status !== String(status))
    throw unexpected(response, `holds status "${error.status}" in the body of a ${status}.`);
  return error.detail;
}

/** Throws `UnexpectedResponse` unless `actual` is `expected`; `what` names the attribute. */
export function checkEcho(response: ScimResponse, what: string, expected: unknown, actual: unknown): void {
  if (actual === expected) return;
  throw unexpected(response, `should hold ${what} ${JSON.stringify(expected)}, but holds ${JSON.stringify(actual)}.`);
}

export function unexpected(response: ScimResponse, sentence: string): UnexpectedResponse {
  const { method, url } = response.exchange;
  return new UnexpectedResponse(`${method} ${url} ${sentence}`, response.exchange);
}

function readList(response: ScimResponse, startIndex: number, count: number): z.infer<typeof listShape> {
  checkStatus(response, 200);
  const list = parse(response, listShape, response.body, "a ListResponse");
  const due = Math.min(count, Math.max(0, list.totalResults - startIndex + 1));
  checkEcho(response, "startIndex", startIndex, list.startIndex);
  checkEcho(response, "itemsPerPage", list.Resources.length, list.itemsPerPage);
  if (list.Resources.length !== due) {
    throw unexpected(
      response,
      `should hold ${due} of ${list.totalResults} resources, but holds ${list.Resources.length}.`,
    );
  }
  return list;
}

function parse<T>(response: ScimResponse, shape: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.map(String).join(".");
  throw unexpected(response, `should answer with ${what}, but ${place} is wrong: ${issue?.message ?? "unreadable"}.`);
}

function located<T extends Located>(response: ScimResponse, resource: T, { name }: ResourceKind<T>): T {
  if (resource.meta.location.endsWith(`/${name}s/${encodeURIComponent(resource.id)}`)) return resource;
  throw unexpected(response, `should hold a meta.location that ends with its id, but holds ${resource.meta.location}.`);
}
