import { defineProject } from "vitest/config";

export default defineProject({
  // Every test starts a server or several, on two cores shared with others.
  test: { name: "@rollcall/local-postgres", include: ["src/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
});
