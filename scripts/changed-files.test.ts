import { expect, test } from "vitest";
import { isProgram } from "./changed-files.ts";

// For `pnpm test --changed`: a browser test has no import that leads to the servers it starts.
test.each([
  ["apps/api/src/main.ts", true],
  ["apps/admin/src/router.tsx", true],
  ["packages/domain/src/index.ts", true],
  ["apps/admin/src/browser/tokens.browser.test.ts", true],
  ["apps/cli/src/start.test.ts", true],
  ["packages/domain/src/result.test.ts", false],
  ["packages/db/src/testing/console-database.ts", false],
  ["README.md", false],
  ["scripts/test.ts", false],
])("%s is part of a program: %s", (path, expected) => expect(isProgram(path)).toBe(expected));
