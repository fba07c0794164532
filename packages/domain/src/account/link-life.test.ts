import { expect, test } from "vitest";
import { isLinkOpen } from "./link-life.ts";

const expiresAt = new Date("2026-11-25T12:00:00Z");

test.each([
  ["before its end", "2026-11-25T11:59:59.999Z", null, true],
  ["at its end", "2026-11-25T12:00:00Z", null, false],
  ["once used", "2026-11-25T11:00:00Z", new Date("2026-11-25T10:00:00Z"), false],
])("a link %s", (_, now, endedAt, isOpen) => expect(isLinkOpen({ expiresAt, endedAt }, new Date(now))).toBe(isOpen));
