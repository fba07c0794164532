import { defineProject } from "vitest/config";

export default defineProject({ test: { name: "@rollcall/bench", include: ["*.test.ts"] } });
