import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { groupResourceType, parseFilter, userResourceType, type ResourceTypeDefinition } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { replace, call, detailOf, idOf, patchOf, type ScimResponse } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, find, patch } = await useScim();
const userPath = `/Users/${idOf(await acme.post("/Users", { userName: "pam@acme.example" }))}`;
const groupPath = `/Groups/${idOf(await acme.post("/Groups", { displayName: "Sales" }))}`;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** AR-29: the common form of every error. */
function anError(status: number, scimType?: string): object {
  return {
    status,
    contentType: "application/scim+json",
    requestId: expect.stringMatching(uuid),
    body: {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: String(status),
      detail: expect.stringMatching(/\S/),
      ...(scimType === undefined ? {} : { scimType }),
    },
  };
}

function seen({ status, headers, body }: ScimResponse): object {
  return { status, contentType: headers.get("content-type"), requestId: headers.get("x-request-id"), body };
}

function send(
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: object = {},
): Promise<ScimResponse> {
  return call(`${scim.baseUrl}${path}`, method, { authorization: `Bearer ${scim.token}`, ...headers }, body);
}

describe("AR-29: an error of the address or the method", () => {
  test("an address outside of the base path names the base URL and not the requested host", async () => {
    const response = await call(`${new URL(scim.baseUrl).origin}/Users`, "GET", { authorization: scim.token });
    expect(seen(response)).toEqual(anError(404));
    expect(detailOf(response)).toContain("https://scim.rollcall.example/scim_v2");
  });

  test.each([
    ["POST", "/Users/x", "GET, PUT, PATCH, DELETE"],
    ["PATCH", "/Groups", "GET, POST"],
    ["DELETE", "/Schemas", "GET"],
    ["GET", "/Bulk", "POST"],
  ])("%s %s is 405 and names the allowed methods (RFC 9110 section 15.5.6)", async (method, path, allowed) => {
    const response = await send(method, path);
    expect(seen(response)).toEqual(anError(405));
    expect(detailOf(response)).toContain(allowed);
    expect(response.headers.get("allow")).toBe(allowed);
  });

  test("TRACE, which fetch cannot send, is 405 and echoes nothing", async () => {
    const raw = await sendRaw(`TRACE /scim_v2/Users HTTP/1.1\r\nHost: a\r\nX-Secret: s3cr3t\r\n${end()}`);
    expect(raw).toMatch(/^HTTP\/1\.1 405 /);
    expect(raw).not.toMatch(/s3cr3t|evil/);
  });
});

describe("AR-29: an error of the body", () => {
  const big = JSON.stringify({ userName: "big@acme.example", title: "x".repeat(5 * 1024 * 1024) });
  test.each(["POST", "PUT", "PATCH"])("%s of 5 MiB is 413", async (method) => {
    expect(seen(await send(method, method === "POST" ? "/Users" : userPath, big))).toEqual(anError(413));
  });

  test("a packed body is read", async () => {
    const body = new Uint8Array(gzipSync(JSON.stringify({ userName: "packed@acme.example" })));
    expect((await send("POST", "/Users", body, { "content-encoding": "gzip" })).status).toBe(201);
  });

  test.each([
    ["cut off", new Uint8Array(gzipSync(big).subarray(0, 40))],
    ["no brotli", new Uint8Array([0xff, 1, 2, 3, 4, 5, 6, 7]), "br"],
    ["no deflate", new Uint8Array([0xff, 1, 2, 3, 4, 5, 6, 7]), "deflate"],
    ["no gzip at all", new TextEncoder().encode('{"userName":"a@b.example"}')],
  ])("a packed body that is %s is 400", async (_what, body, encoding = "gzip") => {
    expect(seen(await send("POST", "/Users", body, { "content-encoding": encoding }))).toEqual(
      anError(400, "invalidSyntax"),
    );
  });

  test.each([
    ["content-encoding", "nonsense"],
    ["content-encoding", "gzip, gzip"],
  ])("%s: %s is 415", async (name, value) =>
    expect(seen(await send("POST", "/Users", "{}", { [name]: value }))).toEqual(anError(415)),
  );

  test.each(["APPLICATION/SCIM+JSON", "application/json", 'application/json; charset="utf-8"; x=y'])(
    "the type %s is read",
    async (type) => {
      expect(seen(await send("POST", "/Users", "{}", { "content-type": type }))).toEqual(anError(400, "invalidValue"));
    },
  );

  test("no body at all is 400", async () => {
    expect((await send("POST", "/Users")).status).toBe(400);
    expect((await send("POST", "/Users", "")).status).toBe(400);
    expect((await send("PATCH", userPath)).status).toBe(400);
  });

  test("a body that ends before its announced length does not end the process", async () => {
    await sendRaw(
      `POST /scim_v2/Users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900\r\n${end()}{"userName":`,
      true,
    );
    expect((await acme.get("/Users?count=1")).status).toBe(200);
  });
});

describe("hostile values are refused or ignored, never an internal error", () => {
  const texts = ["\\u0000", "\\ud800", "\\udfff\\ud800", "a\\u0000b@acme.example", "x\\ud83d@acme.example"];
  test.each(texts)("the text %s is 400 or ignored wherever it stands", async (text) => {
    const bodies = [
      ["POST", "/Users", `{"userName":"${text}"}`],
      ...["externalId", "displayName", "password", "nickName", "id"].map((key) => [
        "POST",
        "/Users",
        `{"userName":"t${Math.random()}@acme.example","${key}":"${text}"}`,
      ]),
      ["POST", "/Users", `{"userName":"a@acme.example","name":{"givenName":"${text}"}}`],
      ["POST", "/Groups", `{"displayName":"${text}"}`],
      ["POST", "/Groups", `{"displayName":"G${Math.random()}","externalId":"${text}"}`],
      ["POST", "/Groups", `{"displayName":"G${Math.random()}","members":[{"value":"${text}"}]}`],
      ["PUT", userPath, `{"userName":"${text}"}`],
      ["PUT", groupPath, `{"displayName":"${text}"}`],
      ["PATCH", userPath, `{"Operations":[{"op":"replace","path":"displayName","value":"${text}"}]}`],
      ["PATCH", userPath, `{"Operations":[{"op":"replace","path":"${text}","value":"${text}"}]}`],
      [
        "PATCH",
        userPath,
        `{"Operations":[{"op":"replace","path":"emails[type eq \\"${text}\\"].value","value":"${text}"}]}`,
      ],
      ["PATCH", userPath, `{"Operations":[{"op":"${text}"}]}`],
      ["PATCH", groupPath, `{"Operations":[{"op":"remove","path":"members[value eq \\"${text}\\"]"}]}`],
      ["PATCH", groupPath, `{"Operations":[{"op":"add","path":"members","value":[{"value":"${text}"}]}]}`],
      ["PATCH", groupPath, `{"Operations":[{"op":"remove","path":"members","value":[{"value":"${text}"}]}]}`],
    ] as const;
    for (const [method = "", path = "", body = ""] of bodies) {
      const response = await send(method, path, body);
      expect(response.status, `${method} ${path} ${body} ${response.text}`).toBeLessThan(500);
    }
  });

  test("__proto__ and constructor keys are refused and change no prototype", async () => {
    const evil =
      '{"__proto__":{"active":false,"polluted":1},"constructor":{"prototype":{"polluted":1}},"userName":"proto@acme.example"}';
    expect(seen(await send("POST", "/Users", evil))).toEqual(anError(400, "invalidSyntax"));
    for (const [path, body] of [
      [userPath, `{"Operations":[{"op":"add","value":${evil.replace("proto@", "pam@")}}]}`],
      [userPath, '{"Operations":[{"op":"add","path":"__proto__.polluted","value":1}]}'],
      [userPath, '{"Operations":[{"op":"add","path":"constructor.prototype","value":1}]}'],
      [groupPath, '{"Operations":[{"op":"add","value":{"constructor":{"prototype":{"polluted":1}}}}]}'],
    ] as const)
      expect(seen(await send("PATCH", path, body))).toMatchObject({ status: 400 });
    await send("GET", "/Users?__proto__=1&constructor=2&filter=__proto__+eq+1&attributes=__proto__&sortBy=constructor");
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect((await send("GET", userPath)).body["active"]).toBe(true);
  });
});

// A value that the protocol accepts but the database cannot store would be a 500.
describe.each<[string, ResourceTypeDefinition]>([
  ["/Users", userResourceType],
  ["/Groups", groupResourceType],
])("every attribute of %s", (path, type) => {
  const names = type.attributes.flatMap(({ name, subAttributes = [] }) => [
    name,
    ...subAttributes.map((part) => `${name}.${part.name}`),
  ]);
  const literals = ['"x"', "true", "null", '"2026-01-01T00:00:00Z"', "1"];
  /** Many in one request, so that the database receives all of them; a filter has 200 comparisons at most. */
  const filtersEach = 50;
  const operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

  test("can be filtered by with every operator, or is 400 invalidFilter", async () => {
    const filters = names.flatMap((name) => [
      `${name} pr`,
      `not (${name} pr)`,
      ...literals.flatMap((literal) => operators.map((operator) => `${name} ${operator} ${literal}`)),
    ]);
    const parts = type.attributes.flatMap(({ name, subAttributes = [] }) =>
      subAttributes.flatMap((part) =>
        literals.map((literal) => `${name}[${part.name} eq ${literal} or ${part.name} pr]`),
      ),
    );
    const filtersBy = Map.groupBy([...filters, ...parts], (filter) => parseFilter(filter, type).ok);
    const [understood, refused] = [filtersBy.get(true) ?? [], filtersBy.get(false) ?? []];
    expect(understood.length).toBeGreaterThan(names.length);
    for (let at = 0; at < understood.length; at += filtersEach) {
      const filter = understood.slice(at, at + filtersEach).join(" or ");
      expect((await acme.get(`${path}?filter=${encodeURIComponent(filter)}`)).status, filter).toBe(200);
    }
    for (const [filter = ""] of Map.groupBy(refused, (filter) => filter.split(/[ [.]/)[0]).values())
      expect(seen(await acme.get(`${path}?filter=${encodeURIComponent(filter)}`))).toEqual(
        anError(400, "invalidFilter"),
      );
  });

  test("can be sorted by in both orders, or is 400", async () => {
    for (const name of names) {
      for (const order of ["ascending", "descending", "ascending"]) {
        const response = await acme.get(`${path}?sortBy=${name}&sortOrder=${order}`);
        expect(response.status === 200 || seen(response)).toEqual(
          response.status === 200 || anError(400, "invalidValue"),
        );
      }
    }
  });

  test("can be requested and left out", async () => {
    for (const name of names) {
      expect((await acme.get(`${path}?attributes=${name}`)).status).toBe(200);
      expect((await acme.get(`${path}?excludedAttributes=${name}`)).status).toBe(200);
    }
  });

  test("takes no value of a wrong type as an internal error", async () => {
    const resource = path === "/Users" ? userPath : groupPath;
    for (const name of names) {
      for (const value of [
        1,
        true,
        null,
        "x",
        "",
        [],
        {},
        [{}],
        [null],
        [[]],
        { value: {} },
        [{ value: null }],
        [{ display: "x" }],
      ]) {
        const patched = await patch(resource, replace(name, value));
        expect(patched.status, `${name} ${JSON.stringify(value)} ${patched.text}`).toBeLessThan(500);
        const posted = await acme.post(path, {
          userName: `v${Math.random()}@acme.example`,
          displayName: `V${Math.random()}`,
          [name]: value,
        });
        expect(posted.status, `${name} ${JSON.stringify(value)} ${posted.text}`).toBeLessThan(500);
      }
    }
  });
});

// Responses contain personal data: no proxy or browser may store them or guess their media type, errors included.
test.each(["/Users", "/Users/unknown", "/Schemas", "/nothing"])("no client may store %s", async (path) => {
  for (const authorization of [`Bearer ${scim.token}`, "Bearer wrong"]) {
    const { headers } = await fetch(`${scim.baseUrl}${path}`, { headers: { authorization } });
    expect([headers.get("cache-control"), headers.get("x-content-type-options")]).toEqual(["no-store", "nosniff"]);
  }
});

// The counterpart of "no 2xx without the effect": no refusal with an effect.
test.each([
  ["POST", "/Users"],
  ["POST", "/Groups"],
  ["PUT", "group"],
  ["PATCH", "group"],
  ["PUT", "user"],
])("%s %s with a contradictory projection is 400 and has no effect", async (method, where) => {
  const path = where === "group" ? groupPath : where === "user" ? userPath : where;
  const before = [(await acme.get("/Users?count=0")).text, (await acme.get("/Groups?excludedAttributes=meta")).text];
  const name =
    where === "user"
      ? { userName: "pam@acme.example", displayName: "New" }
      : { userName: "no@acme.example", displayName: "New" };
  const body = method === "PATCH" ? patchOf({ op: "replace", value: { displayName: "New" } }) : name;
  const response = await send(method, `${path}?attributes=id&excludedAttributes=id`, JSON.stringify(body));
  expect(seen(response)).toEqual(anError(400, "invalidValue"));
  expect([(await acme.get("/Users?count=0")).text, (await acme.get("/Groups?excludedAttributes=meta")).text]).toEqual(
    before,
  );
});

// The load of each process is for the operator only.
test.each([
  ["", 401],
  ["Authorization: Bearer the token of another\r\n", 401],
  ["Authorization: Bearer the token of the metrics\r\n", 200],
])("/metrics with %j is %i", async (header, status) => {
  const raw = await sendRaw(`GET /metrics HTTP/1.1\r\nHost: a\r\n${header}${end()}`);
  expect(raw.startsWith(`HTTP/1.1 ${status} `)).toBe(true);
  expect(raw.includes("scim_request_duration_seconds")).toBe(status === 200);
  expect(/^www-authenticate: Bearer\r$/im.test(raw)).toBe(status === 401);
});

// DNS rebinding: a page whose own name resolves to this machine gets nothing.
describe("a request for an unknown host", () => {
  const body = JSON.stringify({ userName: "host@acme.example" });
  const type = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  test.each([
    "GET /scim_v2/Users HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: scim.rollcall.example\r\n",
    "GET /nothing HTTP/1.1\r\nHost: evil.example\r\n",
    "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n",
    "GET http://evil.example/scim_v2/Users HTTP/1.1\r\nHost: evil.example\r\n",
    `POST /scim_v2/Users HTTP/1.1\r\nHost: evil.example\r\n${type}`,
  ])("is 421 as SCIM JSON, has no effect and names no host but ours: %s", async (head) => {
    const raw = await sendRaw(`${head}${end()}${head.startsWith("POST") ? body : ""}`);
    expect(raw).toMatch(/^HTTP\/1\.1 421 .*application\/scim\+json.*"status":"421"/s);
    expect(raw).not.toContain("evil.example");
    expect((await find("/Users", 'userName eq "host@acme.example"')).text).toContain('"totalResults":0');
  });

  test.each(["/healthz", "/readyz"])("is answered at %s", async (path) => {
    expect(await sendRaw(`GET ${path} HTTP/1.1\r\nHost: evil.example\r\n${end()}`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("a proxy's own name in X-Forwarded-Host is in no response", async () => {
    const head = "GET /scim_v2/Users HTTP/1.1\r\nHost: a\r\nX-Forwarded-Host: evil.example\r\n";
    const raw = await sendRaw(head + end());
    expect(raw).toMatch(/^HTTP\/1\.1 200 /);
    expect(raw).not.toContain("evil.example");
  });
});

/** The end of the head of a raw request. */
function end(): string {
  return `Authorization: Bearer ${scim.token}\r\nConnection: close\r\n\r\n`;
}

/** Sends bytes unchanged; with `isCut` the client closes its half at once. */
function sendRaw(request: string, isCut = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(scim.baseUrl);
    let text = "";
    const socket = connect(Number(port), "127.0.0.1", () => void (isCut ? socket.end(request) : socket.write(request)));
    socket.setTimeout(10_000, () => socket.destroy(new Error("No answer within 10 seconds.")));
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
}
