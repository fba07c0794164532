import * as fc from "fast-check";
import type { RawRequest } from "./test-raw-client.ts";

/** A request, and whether a strict parser must refuse it; if false, either outcome is allowed. */
export type HostileRequest = { readonly what: string; readonly request: RawRequest; readonly mustRefuse: boolean };

/** The parameters of the hostile requests for one service. */
export type Target = { readonly token: string; readonly userId: string; readonly groupId: string };

type Template = { readonly method: string; readonly path: string; readonly body: object };

const core = "urn:ietf:params:scim:schemas:core:2.0";
const patchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** Requests of Okta and Entra, with a name that differs each time. */
function templates({ userId, groupId }: Target, name: string): readonly Template[] {
  const user = {
    schemas: [`${core}:User`],
    userName: `${name}@storm.example`,
    name: { givenName: "Test", familyName: "User" },
    emails: [{ primary: true, value: `${name}@storm.example`, type: "work" }],
    displayName: "Test User",
    locale: "en-US",
    externalId: name,
    groups: [],
    password: "1mz050nq",
    active: true,
  };
  const patch = (path: string, ...Operations: readonly object[]): Template => ({
    method: "PATCH",
    path,
    body: { schemas: [patchOp], Operations },
  });
  return [
    { method: "POST", path: "/Users", body: user },
    { method: "PUT", path: `/Users/${userId}`, body: { ...user, id: userId, meta: { created: "04-12-2018" } } },
    patch(`/Users/${userId}`, { op: "replace", value: { active: true } }),
    patch(`/Users/${userId}`, { op: "Replace", path: "active", value: "True" }),
    patch(`/Users/${userId}`, { op: "Replace", path: 'emails[type eq "work"].value', value: "a@storm.example" }),
    patch(`/Users/${userId}`, { op: "replace", value: { "name.givenName": "Kkom", displayName: "K" } }),
    { method: "POST", path: "/Groups", body: { schemas: [`${core}:Group`], displayName: name, members: [] } },
    { method: "PUT", path: `/Groups/${groupId}`, body: { displayName: name, members: [{ value: userId }] } },
    patch(`/Groups/${groupId}`, { op: "replace", value: { id: groupId, displayName: name } }),
    patch(
      `/Groups/${groupId}`,
      { op: "remove", path: `members[value eq "${userId}"]` },
      { op: "add", path: "members", value: [{ value: userId, display: "a@b" }] },
    ),
    patch(`/Groups/${groupId}`, { op: "Remove", path: "members", value: [{ $ref: null, value: userId }] }),
    { method: "POST", path: "/.search", body: { filter: 'userName sw "a"', startIndex: 1, count: 10 } },
    { method: "POST", path: "/Users/.search", body: { filter: "active eq true", attributes: ["userName"] } },
    {
      method: "POST",
      path: "/Bulk",
      body: { Operations: [{ method: "POST", path: "/Users", bulkId: "q", data: user }] },
    },
  ];
}

const texts = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "\udfff\ud800",
  "a\u0000b@storm.example",
  "%",
  "_",
  "\\",
  "'",
  "';drop table member;--",
  '" or "1" eq "1',
  "$1",
  "%00",
  "%ff",
  "../../etc/passwd",
  "${jndi:ldap://x}",
  "{{7*7}}",
  "__proto__",
  "constructor",
  "\u202e\ufeff\u200b",
  "İıßΣς",
  "👩‍👩‍👧‍👦".repeat(50),
  "a".repeat(1025),
  "a".repeat(20_000),
  "a@".repeat(3000),
  "((((((((((((((((((((((((((((((((((((((((",
  'members[value eq "'.repeat(40),
  "urn:".repeat(2000),
  `${core}:User:name.givenName`,
  "not ".repeat(2000),
  "2026-13-45T99:99:99Z",
  "9".repeat(400),
];
/** Known attack strings. */
export const hostileText = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: "binary", maxLength: 40 }));
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 2 ** 60, [], {}, [[]], [null], [{}], [{ value: null }]),
  fc.array(hostileText, { maxLength: 5 }),
  fc.dictionary(fc.constantFrom("value", "op", "path", "active", "x"), hostileText, { maxKeys: 4 }),
);

type Place = readonly (string | number)[];

/** Every path in a JSON value, its root left out. */
function placesOf(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : Object.entries(value);
  return inner.flatMap(([name, item]) => [[...at, name], ...placesOf(item, [...at, name])]);
}

/** A copy with another value at that path. */
function withValue(tree: unknown, [first, ...rest]: Place, value: unknown): unknown {
  if (first === undefined) return value;
  if (Array.isArray(tree)) return tree.map((item, index) => (index === first ? withValue(item, rest, value) : item));
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([name, item]) => [name, name === first ? withValue(item, rest, value) : item]),
  );
}

type Mutated = { readonly what: string; readonly bytes: Uint8Array; readonly mustRefuse: boolean };

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const refused = (what: string, text: string): Mutated => ({ what, bytes: utf8(text), mustRefuse: true });

/** Ways to corrupt a body. Each way decides whether the result must be refused. */
function mutations(body: object): fc.Arbitrary<Mutated> {
  const text = JSON.stringify(body);
  const inside = fc.nat({ max: text.length - 2 }).map((index) => index + 1);
  const [name = "schemas"] = Object.keys(body);
  const swaps = fc
    .array(fc.tuple(fc.constantFrom(...placesOf(body)), hostileValue), { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce<unknown>((tree, [place, value]) => withValue(tree, place, value), body))
    .map((tree) => ({ what: "swapped values", bytes: utf8(JSON.stringify(tree)), mustRefuse: false }));
  return fc.oneof(
    { arbitrary: swaps, weight: 6 },
    inside.map((length) => refused("truncated", text.slice(0, length))),
    fc.constantFrom("}", "]", "x", ",{}", " 1", "\0", text).map((rest) => refused("trailing", text + rest)),
    fc
      .constantFrom(name, name.toUpperCase())
      .map((again) => refused("name twice", `${text.slice(0, -1)},"${again}":null}`)),
    fc
      .integer({ min: 33, max: 60_000 })
      .chain((depth) =>
        fc.constantFrom(
          refused("deep list", `${text.slice(0, -1)},"x":${"[".repeat(depth)}${"]".repeat(depth)}}`),
          refused("deep object", `${text.slice(0, -1)},"x":${'{"x":'.repeat(depth)}0${"}".repeat(depth)}}`),
        ),
      ),
    fc
      .constantFrom('"__proto__":{"a":1}', '"constructor":{"prototype":{"a":1}}', '"a\\u0000":1', '"\\ud83d":1')
      .map((member) => refused("name of a prototype or no text", `{${member},${text.slice(1)}`)),
    fc.constantFrom([0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]).map((bytes) => ({
      what: "no UTF-8",
      bytes: Buffer.concat([utf8(`${text.slice(0, -1)},"x":"`), Buffer.from(bytes), utf8('"}')]),
      mustRefuse: true,
    })),
    inside.chain((index) =>
      fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 3 }).map((junk) => ({
        what: "junk inside",
        bytes: utf8(text.slice(0, index) + junk + text.slice(index)),
        mustRefuse: false,
      })),
    ),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ what: "noise", bytes, mustRefuse: false })),
  );
}

const json: readonly [string, string] = ["Content-Type", "application/scim+json; charset=utf-8"];

/** Writes with a corrupted body. */
export function hostileBodies(target: Target): fc.Arbitrary<HostileRequest> {
  return fc.tuple(fc.nat(), fc.nat()).chain(([seed, choice]) => {
    const all = templates(target, `n${seed}`);
    const { method, path, body } = all[choice % all.length] ?? { method: "POST", path: "/Users", body: {} };
    return mutations(body).map(({ what, bytes, mustRefuse }) => ({
      what: `${method} ${path}: ${what}`,
      request: { method, path: `/scim_v2${path}`, headers: [json, authorization(target)], body: bytes },
      mustRefuse,
    }));
  });
}

/** The authorization header. */
export function authorization({ token }: Target): readonly [string, string] {
  return ["Authorization", `Bearer ${token}`];
}
