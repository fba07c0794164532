import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { everyScreen, routesIn, waysOn } from "../apps/admin/src/browser/every-screen.ts";
import { picturesOf, screensPage } from "./screens-page.ts";

const root = resolve(import.meta.dirname, "..");
const folder = join(root, "docs/screens");
const bytesMax = 4_000_000;

// Every screen of the router has its pictures in both schemes, and there are no others (run `pnpm screens`).
test("every screen has its pictures, and there are no others", () => {
  const routes = routesIn(readFileSync(join(root, "apps/admin/src/router.tsx"), "utf8"));
  expect([...everyScreen.map(({ route }) => route), ...waysOn].toSorted()).toEqual(routes.toSorted());
  const files = readdirSync(folder).filter((name) => name.endsWith(".png"));
  expect(files.toSorted()).toEqual(everyScreen.flatMap(({ name }) => picturesOf(name)).toSorted());
});

test("they are small enough for a repository", () => {
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(bytes).toBeLessThan(bytesMax);
});

test("docs/screens/README.md shows all of them", () => {
  expect(readFileSync(join(folder, "README.md"), "utf8")).toBe(screensPage());
});
