import { describe, expect, test } from "vitest";
import { cookieJar } from "./session-cookie.ts";

const attributes = "Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax";

// A sibling domain, or anybody on plain HTTP, can set cookies without the prefix.
test.each([
  ["https://console.example", `__Host-rollcall_session=t; ${attributes}; Secure`],
  ["http://console.example", `__Host-rollcall_session=t; ${attributes}; Secure`],
  ["https://127.0.0.1:4000", `__Host-rollcall_session=t; ${attributes}; Secure`],
  ["http://127.0.0.1:4000", `rollcall_session=t; ${attributes}`],
  ["http://localhost:4000", `rollcall_session=t; ${attributes}`],
  ["http://[::1]:4000", `rollcall_session=t; ${attributes}`],
  ["http://127.0.0.1.example", `__Host-rollcall_session=t; ${attributes}; Secure`],
])("a console at %s writes %s", (publicAppUrl, expected) => {
  expect(cookieJar(publicAppUrl).write("rollcall_session", "t")).toBe(expected);
});

describe("reading", () => {
  const jar = cookieJar("https://console.example");
  test.each([
    ["a=1; __Host-rollcall_session=x.y; b=2", "x.y"],
    ["__Host-rollcall_session=first; __Host-rollcall_session=second", "first"],
    ["rollcall_session=unprefixed", undefined],
    ["x__Host-rollcall_session=other", undefined],
    [undefined, undefined],
  ])("%s is %s", (header, expected) => {
    expect(jar.read(header, "rollcall_session")).toBe(expected);
  });
});
