import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { failedAuthentications } from "./failed-authentications.ts";
import type { RequestEntry } from "../request-log/request-recorder.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const call = (tokenId: string, path: string): RequestEntry => ({
  organizationId: randomUUID(),
  tokenId,
  at: new Date(),
  method: "GET",
  path,
  status: 401,
  scimType: null,
  detail: "Wrong secret",
  durationMs: 1,
  client: null,
  ip: null,
  quirks: [],
});

// The public part of a token is known: it must not suffice to fill the owner's log beyond 20 entries and one a minute.
test("of a flood the first 20 of a token are noted, and then how many there were", () => {
  const noted: RequestEntry[] = [];
  const never = (): Promise<void> => Promise.resolve();
  const failed = failedAuthentications({ add: (entry) => void noted.push(entry), flush: never, close: never });
  for (let index = 1; index <= 1500; index++) failed.note(call("one", `/${index}`));
  failed.note(call("other", "/x"));
  expect(noted.map(({ path }) => path)).toEqual([...Array.from({ length: 20 }, (_, index) => `/${index + 1}`), "/x"]);
  vi.advanceTimersByTime(60_000);
  expect(noted).toHaveLength(22);
  expect(noted.at(-1)).toMatchObject({ path: "/1500", detail: expect.stringMatching(/^1,480 more such requests/) });
  failed.note(call("one", "/again"));
  expect(noted).toHaveLength(22);
  vi.advanceTimersByTime(60_000);
  expect(noted.at(-1)).toMatchObject({ path: "/again", detail: "Wrong secret" });
});

// Even at a steady 20 requests a minute, which would be 28,800 entries a day.
test("a day of such requests logs one entry a minute, and a quiet token regains its 20 entries", () => {
  const noted: RequestEntry[] = [];
  const never = (): Promise<void> => Promise.resolve();
  const failed = failedAuthentications({ add: (entry) => void noted.push(entry), flush: never, close: never });
  for (let minute = 0; minute < 24 * 60; minute++) {
    for (let index = 0; index < 20; index++) failed.note(call("one", `/${minute}`));
    vi.advanceTimersByTime(60_000);
  }
  expect(noted.length).toBeLessThanOrEqual(20 + 24 * 60);
  vi.advanceTimersByTime(20 * 60_000);
  const before = noted.length;
  for (let index = 0; index < 30; index++) failed.note(call("one", "/later"));
  expect(noted).toHaveLength(before + 20);
});

test("the tokens that are watched at a time are bounded", () => {
  let count = 0;
  const never = (): Promise<void> => Promise.resolve();
  const failed = failedAuthentications({ add: () => void count++, flush: never, close: never });
  for (let index = 0; index < 3000; index++) failed.note(call(`token ${index}`, "/"));
  expect(count).toBe(1000);
});
