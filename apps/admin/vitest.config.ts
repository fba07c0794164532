import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "admin-browser",
    include: ["src/browser/*.browser.test.ts"],
    globalSetup: ["src/browser/build-console.ts", "src/browser/chromium-path.ts", "@rollcall/db/vitest-global-setup"],
    // One worker keeps its browser and servers for all of its files; each test has an organization of its own.
    isolate: false,
    // As vitest.config.ts at the root.
    maxWorkers: 3,
    expect: { poll: { timeout: 5000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
