import "@rollcall/local-postgres/vitest-global-setup";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { faultsOf, signIn, visit, visitAs } from "./acts.ts";
import { type Answers, answersOf } from "./answers.ts";
import { everyScreen, routesIn, type Screen, waysOn } from "./every-screen.ts";
import { fillOrganization, type FullOrganization } from "./full-organization.ts";
import { jumpsOf, watchJumps } from "./jumps.ts";
import { openStage, type Stage } from "./stage.ts";
import { wideFaultsOf } from "./wide.ts";

// Guards what people see while a screen waits, when its questions fail, where there is nothing, and when all is there:
// on every screen that the router knows, without a jump, on a large display as well.
let stage: Stage;
let full: FullOrganization;
let newcomer: Page;
const viewers = new Map<Screen["viewer"], { readonly page: Page; readonly answers: Answers }>();

beforeAll(async () => {
  stage = await openStage(inject("postgresUrl"));
  full = await fillOrganization(stage);
  const [member, visitor] = [await visitAs(stage, full.member), await visit(stage, "/sign-in")];
  await member.getByRole("button", { name: /^Organization/ }).click();
  await member.getByRole("menuitemradio", { name: "Acme" }).click();
  await member.getByRole("heading", { level: 1, name: "Acme" }).waitFor();
  for (const [viewer, page] of [["owner", full.page], ["member", member], ["visitor", visitor]] as const) {
    await watchJumps(page);
    viewers.set(viewer, { page, answers: await answersOf(page) });
  }
  newcomer = await visit(stage, "/sign-in");
  await signIn(newcomer, (await stage.organization("Newcomers", "nora.new@new.example")).owner);
});

afterAll(async () => {
  await full?.idp.close();
  await stage?.close();
});

const addressOf = (path: string): string =>
  path.replaceAll(/\$(\w+)/g, (_, word: string) => full.idsByWord.get(word) ?? "unknown");
const screens = everyScreen.map((screen) => [screen.route, screen] as const);
const asking = screens.filter(([, { isAsking }]) => isAsking);
const emptyOnes = screens.filter(([, { empty }]) => empty !== undefined);

function viewing({ viewer }: Screen): { readonly page: Page; readonly answers: Answers } {
  const found = viewers.get(viewer);
  if (found === undefined) throw new Error(`Nobody looks as ${viewer}.`);
  return found;
}

const again = (page: Page) => page.getByRole("button", { name: "Try again" });
const skeletons = (page: Page) => page.locator(".mantine-Skeleton-root");
const isFull = async (page: Page, text: string): Promise<void> => {
  await page.locator("main").getByText(text).first().waitFor();
  await expect.poll(() => skeletons(page).count()).toBe(0);
};

/** What axe says, in one scheme. */
async function axeFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** Presses every "Try again" that is on screen, the last one being gone by what came in. */
async function tryAgain(page: Page): Promise<void> {
  for (let pressed = 0; pressed < 12 && (await again(page).count()) > 0; pressed += 1) {
    await again(page).first().click();
    await expect.poll(() => skeletons(page).count()).toBe(0);
  }
  expect(await again(page).count()).toBe(0);
}

// Guards the table itself: a screen that is added must be looked at here too.
test("every address of the router is in the table", () => {
  const text = readFileSync(join(import.meta.dirname, "../router.tsx"), "utf8");
  expect([...everyScreen.map(({ route }) => route), ...waysOn].toSorted()).toEqual(routesIn(text).toSorted());
});

test.each(asking)("%s waits with its heading and grey lines, says why it failed, and tries again", async (_, screen) => {
  const { page, answers } = viewing(screen);
  answers.hold();
  await page.goto(addressOf(screen.path), { waitUntil: "commit" });
  await page.getByRole("heading", { level: 1, name: screen.title, exact: true }).waitFor();
  await page.locator("main").getByText("Loading…").first().waitFor({ state: "attached" });
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(await page.locator("main").locator("table, ol.entries, .empty").count()).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
  answers.fail();
  await page.goto(addressOf(screen.path), { waitUntil: "commit" });
  await again(page).first().waitFor();
  expect(await page.getByRole("alert").first().textContent()).toContain("Something went wrong on our side.");
  await expect.poll(() => skeletons(page).count()).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
  await answers.pass();
  await tryAgain(page);
  await isFull(page, screen.full);
});

test.each(asking)("%s says which of its questions failed, and tries again", async (_, screen) => {
  const { page, answers } = viewing(screen);
  await answers.pass();
  answers.asked();
  await page.goto(addressOf(screen.path), { waitUntil: "commit" });
  await isFull(page, screen.full);
  for (const name of answers.asked()) {
    answers.fail(name);
    await page.goto(addressOf(screen.path), { waitUntil: "commit" });
    if (screen.quietly?.includes(name) === true) await page.locator("main").getByText(screen.full).first().waitFor();
    else await again(page).first().waitFor().catch(() => expect.fail(`${name} fails without a word`));
    await answers.pass();
    await tryAgain(page);
    await isFull(page, screen.full);
  }
});

test.each(emptyOnes)("%s says that there is nothing, and what to do", async (_, screen) => {
  const page = screen.empty?.path === undefined ? newcomer : viewing(screen).page;
  await page.goto(addressOf(screen.empty?.path ?? screen.path.split("?")[0] ?? "/"), { waitUntil: "commit" });
  await isFull(page, screen.empty?.text ?? "");
  expect(await axeFaults(page)).toEqual([]);
});

test.each(screens)("%s is whole: no fault in light and dark, at 360 pixels and on a large display", async (_, screen) => {
  const { page } = viewing(screen);
  await page.goto(addressOf(screen.path), { waitUntil: "commit" });
  await isFull(page, screen.full);
  expect(await faultsOf(page, screen.name)).toEqual([]);
  expect(await wideFaultsOf(page, screen.name)).toEqual([]);
});

test.each(screens)("%s does not jump while its answers come in", async (_, screen) => {
  const { page, answers } = viewing(screen);
  answers.slow();
  await page.goto(addressOf(screen.path), { waitUntil: "commit" });
  await isFull(page, screen.full);
  const { sum, moved } = await jumpsOf(page);
  await answers.pass();
  expect(sum, moved.join("\n")).toBeLessThan(0.02);
});
