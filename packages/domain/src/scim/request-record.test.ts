import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keptBodyLengthMax } from "./body-redaction.ts";
import { requestRecord } from "./request-record.ts";
import { maskSecrets, redactAddress, redactSentence } from "./secret-mask.ts";

const id = "0192e4a1-7c3d-7a00-8000-0123456789ab";
const token = `rcl_${"A1b2C3d4E5f6".repeat(4)}xy`;
const base = {
  method: "POST",
  path: "/scim_v2/Users",
  status: 201,
  request: undefined,
  answer: undefined,
  keepsBodies: true,
};
const requestOf = (part: Partial<Omit<typeof base, "request">> & { readonly request: unknown }): unknown =>
  JSON.parse(requestRecord({ ...base, ...part }).requestBody ?? "null");

// The request log shows values of attributes that Rollcall keeps, and no others.
describe("of a body is kept", () => {
  test("a person as Rollcall keeps them; all else by its kind", () => {
    const request = {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName: "pam@acme.example",
      name: { givenName: "Pam", middleName: "Morgan" },
      emails: [
        { value: "PAM@acme.example", primary: true },
        { value: "pam@home.example", type: "home" },
      ],
      active: true,
      externalId: "00u1",
      password: "hunter2",
      title: "Dr.",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { manager: { displayName: "Michael" }, level: 7 },
      phoneNumbers: [{ value: "555-0100", primary: true }],
    };
    expect(requestOf({ request })).toEqual({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName: "pam@acme.example",
      name: { givenName: "Pam", middleName: "(text, 6 characters)" },
      emails: [
        { value: "PAM@acme.example", primary: true },
        { value: "(text, 16 characters)", type: "home" },
      ],
      active: true,
      externalId: "00u1",
      password: "(text, 7 characters)",
      title: "(text, 3 characters)",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        manager: { displayName: "(text, 7 characters)" },
        level: "(number)",
      },
      phoneNumbers: [{ value: "(text, 8 characters)", primary: "(boolean)" }],
    });
  });

  test.each([
    ["displayName", "Pam", "Pam"],
    ["name.givenName", "Pam", "Pam"],
    ["urn:ietf:params:scim:schemas:core:2.0:User:active", false, false],
    ["password", "hunter2", "(text, 7 characters)"],
    ["nickName", "Pammy", "(text, 5 characters)"],
    ["urn:x:displayName", "secret", "(text, 6 characters)"],
    ["members", [{ value: id, note: "x" }], [{ value: id, note: "(text, 1 characters)" }]],
    ["members", [id], [id]],
  ])("a PATCH of %s with its value if Rollcall keeps it", (path, value, kept) => {
    const request = { Operations: [{ op: "Replace", path, value }] };
    expect(requestOf({ method: "PATCH", path: `/scim_v2/Users/${id}`, request })).toEqual({
      Operations: [{ op: "Replace", path, value: kept }],
    });
  });

  test("a PATCH without a path, by the names in its value", () => {
    const value = {
      active: false,
      "name.familyName": "B",
      password: "hunter2",
      'emails[type eq "work"].value': "a@b.c",
    };
    expect(requestOf({ method: "PATCH", request: { Operations: [{ op: "add", value }] } })).toEqual({
      Operations: [
        {
          op: "add",
          value: {
            active: false,
            "name.familyName": "B",
            password: "(text, 7 characters)",
            'emails[type eq "work"].value': "(text, 5 characters)",
          },
        },
      ],
    });
  });

  test("the first of many members, and how many more there are", () => {
    const members = Array.from({ length: 5000 }, () => ({ value: id }));
    const kept = JSON.stringify(requestOf({ path: "/scim_v2/Groups", request: { displayName: "All", members } }));
    expect(kept).toContain("… and 4,990 more");
    expect(kept.length).toBeLessThan(1000);
  });

  test("each operation of a bulk request as its own request would be", () => {
    const operation = (method: string, data: object) => ({ method, path: "/Users", data });
    const Operations = [
      operation("POST", { userName: "a@b.example", password: "hunter2" }),
      operation("PATCH", { Operations: [{ op: "replace", path: "password", value: "hunter2" }] }),
      operation("PATCH", [{ op: "replace", path: "password", value: "hunter2" }]),
      operation("PATCH", [{ op: "add", value: { displayName: "Pam", password: "hunter2" } }]),
    ];
    const kept = JSON.stringify(requestOf({ path: "/scim_v2/Bulk", request: { Operations } }));
    expect(kept).toContain("a@b.example");
    expect(kept).toContain("Pam");
    expect(kept).not.toContain("hunter2");
  });

  test("the person that it was about: by the path, as found, as added", () => {
    expect(requestRecord({ ...base, path: `/scim/v2/Users/${id}?attributes=id` }).memberId).toBe(id);
    expect(requestRecord({ ...base, answer: { id } }).memberId).toBe(id);
    expect(requestRecord({ ...base, answer: { totalResults: 1, Resources: [{ id }] } }).memberId).toBe(id);
    expect(requestRecord({ ...base, answer: { totalResults: 9, Resources: [{ id }] } }).memberId).toBeNull();
    expect(requestRecord({ ...base, path: `/scim_v2/Groups/${id}` }).memberId).toBeNull();
    expect(requestRecord({ ...base, path: "/scim_v2/Users/x' or 1=1" }).memberId).toBeNull();
    const unkept = requestRecord({ ...base, request: { id }, answer: { id }, keepsBodies: false });
    expect(unkept).toEqual({ memberId: id, requestBody: null, answerBody: null, names: null });
  });

  test("nothing of what discovery answers to everybody", () => {
    expect(requestRecord({ ...base, path: "/scim_v2/Schemas", status: 200, answer: { a: 1 } }).answerBody).toBeNull();
  });
});

describe("whatever is sent", () => {
  const paths = fc.constantFrom("/scim_v2/Users", "/scim_v2/Bulk", "/scim_v2/Groups", "/scim_v2/Users/.search", "/x");
  const methods = fc.constantFrom("POST", "PUT", "PATCH");
  const call = fc.record({ method: methods, path: paths, status: fc.constantFrom(200, 400), answer: fc.jsonValue() });

  test("what is kept is JSON of a bounded length without NUL", () => {
    const large = fc.jsonValue({ maxDepth: 12 });
    const wide = fc.array(fc.dictionary(fc.string({ maxLength: 300 }), fc.string({ maxLength: 3000 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(call, fc.oneof(large, wide), (rest, request) => {
        const { requestBody, answerBody } = requestRecord({ ...rest, request, keepsBodies: true });
        for (const text of [requestBody ?? "", answerBody ?? ""]) {
          expect(text.length).toBeLessThanOrEqual(keptBodyLengthMax);
          expect(text).not.toContain("\0");
          if (text !== "") JSON.parse(text);
        }
      }),
    );
  });

  test("a token is kept nowhere, and a secret in no attribute that Rollcall does not keep", () => {
    const place = fc.constantFrom("password", "token", "x", "title", "nickName", "urn:a:b", "roles", "secret");
    fc.assert(
      fc.property(call, fc.array(place, { minLength: 1, maxLength: 5 }), (rest, places) => {
        const hide = (leaf: unknown): unknown => places.reduceRight((inner, name) => ({ [name]: [inner] }), leaf);
        const request = {
          userName: `x ${token}`,
          [token]: 1,
          Operations: [{ op: token, data: hide("hunter2"), value: hide("hunter2") }],
          y: hide("hunter2"),
        };
        const kept = JSON.stringify(requestRecord({ ...rest, request, answer: request, keepsBodies: true }));
        expect(kept).not.toContain(token.slice(4, 40));
        expect(kept).not.toContain("hunter2");
      }),
    );
  });
});

test.each([
  ["/scim_v2/Users?filter=userName%20eq%20%22a%40b.example%22&count=1", undefined],
  ['/scim_v2/Users?filter=emails[type+eq+"work"].value+eq+"a@b.example"', undefined],
  ['/scim_v2/Groups?filter=members.value eq "1" and displayName eq "x"', undefined],
  ["/scim_v2/Users?filter=active eq true", undefined],
  ['/scim_v2/Users?filter=password eq "hunter2"', "/scim_v2/Users?filter=password%20eq%20%22(hidden)%22"],
  [
    '/scim_v2/Users?filter=phoneNumbers[type eq "work" and value eq "555]5"]',
    "/scim_v2/Users?filter=phoneNumbers%5Btype%20eq%20%22work%22%20and%20value%20eq%20%22(hidden)%22%5D",
  ],
  ["/scim_v2/Users?filter=password=hunter2", "/scim_v2/Users?filter=%22(hidden)%22"],
  ["/scim_v2/Users?access_token=abc&count=1", "/scim_v2/Users?access_token=(hidden)&count=1"],
  ["/scim_v2/Users?filter=%zz", "/scim_v2/Users?filter=(hidden)"],
  // What the service reads as the same name is the same name.
  ['/scim_v2/Users?%66ilter=password eq "hunter2"', "/scim_v2/Users?%66ilter=password%20eq%20%22(hidden)%22"],
  ["/scim_v2/Users?p%61ssword=hunter2", "/scim_v2/Users?p%61ssword=(hidden)"],
  ["/scim_v2/Users?%zz=hunter2", "/scim_v2/Users?%zz=(hidden)"],
  [
    '/scim_v2/Users?filter=emails[type eq "work" and password eq "hunter2"]',
    "/scim_v2/Users?filter=emails%5Btype%20eq%20%22work%22%20and%20password%20eq%20%22(hidden)%22%5D",
  ],
])("the address %s", (address, kept) => {
  expect(redactAddress(address)).toBe(kept ?? address);
});

test("what looks like a credential is hidden, ids and names are not", () => {
  expect(maskSecrets(`Bearer abcdefghijkl and ${token}`)).toBe("(hidden) and (hidden)");
  expect(maskSecrets("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln")).toBe("(hidden)");
  for (const text of [
    id,
    "00u1abcdEFGH2345ijkl",
    "anne-marie.van.der.berg@acme.example",
    `https://x.example/Users/${id}`,
  ]) {
    expect(maskSecrets(text)).toBe(text);
  }
});

test("what an answer quotes is kept where it is a name or a value, not where it is anything else", () => {
  expect(redactSentence('Its "op" must be "add" or "remove"; "hunter2 x" is none.')).toBe(
    'Its "op" must be "add" or "remove"; "(hidden)" is none.',
  );
});

// Error details quote the request, so they are masked too.
test.each([
  [
    'The filter cannot be read: a value is expected, not "hunter2" at character 13; put text in double quotes.',
    'The filter cannot be read: a value is expected, not "(hidden)" at character 13; put text in double quotes.',
  ],
  [
    'The filter cannot be read: after "password" at character 1 one of eq, pr is expected, not "hunter2" at character 10.',
    'The filter cannot be read: after "password" at character 1 one of eq, pr is expected, not "(hidden)" at character 10.',
  ],
  [
    'The path "password eq "hunter2"" cannot be read: "eq" at character 10 does not belong there.',
    'The path "(hidden)" cannot be read: "eq" at character 10 does not belong there.',
  ],
  [
    String.raw`The filter cannot be read: "a\"hunter2" at character 3 does not belong there.`,
    'The filter cannot be read: "(hidden)" at character 3 does not belong there.',
  ],
  [
    'The path "x[value eq "hunter2"]" names no attribute of a User that SCIM knows.',
    'The path "(hidden)" names no attribute of a User that SCIM knows.',
  ],
  ['The path "nick.x" names no attribute of a User that SCIM knows.', undefined],
  ['This service cannot filter a User by "title" at character 1. It knows id.', undefined],
])("the answer %s", (sentence, kept) => {
  expect(redactSentence(sentence)).toBe(kept ?? sentence);
});

// A text of 4 MiB must not take quadratic time.
test.each(["a", "eyJ", "a.", "bearer ", 'a eq "'])("a text of four megabytes of %j takes no time", (part) => {
  const text = part.repeat(4_000_000 / part.length);
  const startedMs = Date.now();
  requestRecord({
    ...base,
    method: "PATCH",
    request: { Operations: [{ op: text, path: text, value: text }], [text]: text },
  });
  requestRecord({ ...base, path: "/scim_v2/Users/.search", request: { filter: text, attributes: [text] } });
  requestRecord({ ...base, request: { userName: text, displayName: text, emails: [{ value: text }] } });
  expect(Date.now() - startedMs).toBeLessThan(1000);
});
