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

export function readUser<T extends RemoteUser>(response: ScimResponse, shape: z.ZodType<T>): T {
  return located(response, parse(response, shape, response.body, "a User"), "Users");
}

export function readGroup(response: ScimResponse): RemoteGroup {
  return located(response, parse(response, groupShape, response.body, "a Group"), "Groups");
}

/** The requested part of a list; `startIndex` counts from 1. */
type Window = { readonly startIndex: number; readonly count: number };
export type Page<T> = { readonly totalResults: number; readonly resources: readonly T[] };

/** Reads a page of users requested from `startIndex`, at most `count`. A shorter page than possible is wrong. */
export function readUserPage<T extends RemoteUser>(
  response: ScimResponse,
  shape: z.ZodType<T>,
  { startIndex, count }: Window,
): Page<T> {
  const list = readList(response, startIndex, count);
  const read = (resource: unknown) => located(response, parse(response, shape, resource, "a User in a list"), "Users");
  return { totalResults: list.totalResults, resources: list.Resources.map(read) };
}

/** As `readUserPage`, for groups. */
export function readGroupPage(response: ScimResponse, { startIndex, count }: Window): Page<RemoteGroup> {
  const list = readList(response, startIndex, count);
  const read = (resource: unknown) =>
    located(response, parse(response, groupShape, resource, "a Group in a list"), "Groups");
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

type Located = { readonly id: string; readonly meta: { readonly location: string } };

function located<T extends Located>(response: ScimResponse, resource: T, endpoint: "Users" | "Groups"): T {
  if (resource.meta.location.endsWith(`/${endpoint}/${encodeURIComponent(resource.id)}`)) return resource;
  throw unexpected(response, `should hold a meta.location that ends with its id, but holds ${resource.meta.location}.`);
}
