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
  [`/${"x".repeat(1000)}`, "/"],
  [undefined, "/"],
  [["/members"], "/"],
])("%j leads to %s", (text, path) => expect(localPathOf(text)).toBe(path));
