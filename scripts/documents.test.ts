import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const tracked = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
}).stdout;
const files = tracked.split("\n").filter((file) => file !== "" && existsSync(join(root, file)));
const pages = files.filter((file) => file.endsWith(".md"));
const read = (file: string): string => readFileSync(join(root, file), "utf8");

test("every relative link leads to a file, and to a heading in it", () => {
  const broken = pages.flatMap((page) =>
    [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !leads(page, target))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test("every page of docs that code, tests and settings cite exists", () => {
  const missing = files
    // The paths in idp-wire.md are of other repositories.
    .filter((file) => /\.(?:[cm]?[jt]sx?|json|md|sql|ya?ml)$/.test(file) && file !== "docs/idp-wire.md")
    .flatMap((file) =>
      [...read(file).matchAll(/\bdocs\/((?:decisions\/)?[\w-]+(?:\.md)?)/g)]
        .map(([, page = ""]) => page)
        .filter((page) => !isPage(page))
        .map((page) => `${file}: docs/${page}`),
    );
  expect(missing).toEqual([]);
});

test("every file and folder that a page names exists", () => {
  const missing = pages.flatMap((page) =>
    [...read(page).matchAll(/`((?:(?:apps|packages)\/[\w.-]+|bench|scripts)\/[\w./-]+)`/g)]
      .map(([, path = ""]) => path)
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page}: ${path}`),
  );
  expect(missing).toEqual([]);
});

test("every package and app has a README", () => {
  const folders = ["apps", "packages"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  expect(folders.filter((folder) => !pages.includes(join(folder, "README.md")))).toEqual([]);
});

test("docs/rules.md states AR-01 to AR-80, each once and in order", () => {
  const ids = [...read("docs/rules.md").matchAll(/^- \*\*(AR-\d\d)\*\* /gm)].map(([, id]) => id);
  expect(ids).toEqual(Array.from({ length: 80 }, (_, index) => `AR-${String(index + 1).padStart(2, "0")}`));
});

test("the index of decisions lists every decision once", () => {
  const listed = [...read("docs/decisions/README.md").matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(([, file]) => file);
  const decisions = readdirSync(join(root, "docs/decisions")).filter((file) => file !== "README.md");
  expect(new Set(listed)).toEqual(new Set(decisions));
  expect(listed).toHaveLength(decisions.length);
});

test("the code in docs/conventions.md is in the files that it names", () => {
  const blocks = [...read("docs/conventions.md").matchAll(/```tsx?\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  expect(blocks.length).toBeGreaterThan(0);
  for (const [, file = "", code = ""] of blocks)
    expect(unindented(read(file)), file).toContain(unindented(code).trim());
});

function leads(page: string, target: string): boolean {
  const [path = "", heading] = target.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return heading === undefined || headingsOf(read(file)).includes(heading);
}

/** The anchors as GitHub makes them of headings. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Decisions are also cited by their number alone, with or without the rest of the name. */
function isPage(name: string): boolean {
  const path = join(root, "docs", name);
  if (existsSync(path) || existsSync(`${path}.md`)) return true;
  const [, number] = /^decisions\/(\d{4})$/.exec(name) ?? [];
  return (
    number !== undefined && readdirSync(join(root, "docs/decisions")).some((file) => file.startsWith(`${number}-`))
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "");
}

function unindented(text: string): string {
  return text.replaceAll(/^ +/gm, "");
}
