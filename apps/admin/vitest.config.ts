import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "admin-browser",
    include: ["src/browser/*.browser.test.ts"],
    globalSetup: ["src/browser/build-console.ts", "@rollcall/db/vitest-global-setup"],
    // One worker keeps its browser and servers for all of its files; each test has an organization of its own.
    isolate: false,
    // A worker waits for its browser and its servers a third of the time. Another number needs a group of its own.
    maxWorkers: 3,
    sequence: { groupOrder: 1 },
    expect: { poll: { timeout: 5000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
