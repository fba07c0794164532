import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "admin-browser",
    include: ["src/browser/*.browser.test.ts"],
    globalSetup: ["src/browser/build-console.ts", "@rollcall/local-postgres/vitest-global-setup"],
    // A browser and two servers a file, on two cores shared with others.
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
