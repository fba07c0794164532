import { expect, test } from "vitest";
import { localPathOf } from "./local-path.ts";

test.each([
  ["/members?search=pam#top", "/members?search=pam#top"],
  ["/", "/"],
  ["https://rogue.example", "/"],
  ["//rogue.example", "/"],
  ["/\\rogue.example", "/"],
  ["/x\\rogue", "/"],
  ["/\n/rogue.example", "/"],
  ["/\t/rogue.example", "/"],
  ["javascript:alert(1)", "/"],
  ["members", "/"],
  ["/sso/1/start", "/"],
  ["/sign-in", "/"],
  ["/SSO/1/start", "/"],
  ["/./sso/1/start", "/"],
  ["/x/../sso/1/start", "/"],
  ["/%2E/sso/1/start", "/"],
  ["/%73so/1/start", "/"],
  ["/x/..//rogue.example", "/"],
  ["/members/sso/?search=%2Fsso%2F", "/members/sso/?search=%2Fsso%2F"],
  [`/${"x".repeat(1000)}`, "/"],
  [undefined, "/"],
  [["/members"], "/"],
])("%j leads to %s", (text, path) => expect(localPathOf(text)).toBe(path));
