import "@rollcall/local-postgres/vitest-global-setup";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { signIn, visit, visitAs } from "./acts.ts";
import { type Answers, answersOf } from "./answers.ts";
import { everyScreen, routesIn, type Screen, waysOn } from "./every-screen.ts";
import { fillOrganization, type FullOrganization } from "./full-organization.ts";
import { jumpsOf, watchJumps } from "./jumps.ts";
import { openStage, type Stage } from "./stage.ts";
import { axeFaultsOf, schemeFaultsOf, wideFaultsOf } from "./looks.ts";

// Guards what people see while a screen waits, when its questions fail, where there is nothing, and when all is there:
// on every screen that the router knows, without a jump, on a large display as well.
const pageMs = 8000;
const pressMs = 2000;
const toldMs = 5000;
const jumpsMax = 0.02;
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
  for (const [viewer, page] of [
    ["owner", full.page],
    ["member", member],
    ["visitor", visitor],
  ] as const) {
    page.setDefaultTimeout(pageMs);
    await watchJumps(page);
    viewers.set(viewer, { page, answers: await answersOf(page) });
  }
  newcomer = await visit(stage, "/sign-in");
  await signIn(newcomer, (await stage.organization("Newcomers", "nora.new@new.example")).owner);
});

// A test that fails leaves nothing behind for the next.
beforeEach(async () => {
  for (const { answers } of viewers.values()) await answers.pass();
});

afterAll(async () => {
  await full?.idp.close();
  await stage?.close();
});

const addressOf = (path: string): string =>
  path.replaceAll(/\$(\w+)/g, (_, word: string) => full.idsByWord.get(word) ?? "unknown");
const screens = everyScreen.map((screen) => [screen.route, screen] as const);
const asking = screens.filter(([, { isAsking }]) => isAsking);
const quietOnes = screens.flatMap(([route, screen]) =>
  (screen.quietly ?? []).filter((name) => name !== "tokens.list").map((name) => [route, name, screen] as const),
);
const emptyOnes = screens.filter(([, { empty }]) => empty !== undefined);

function viewing({ viewer }: Screen): { readonly page: Page; readonly answers: Answers } {
  const found = viewers.get(viewer);
  if (found === undefined) throw new Error(`Nobody looks as ${viewer}.`);
  return found;
}

const again = (page: Page) => page.getByRole("button", { name: "Try again" });
const skeletons = (page: Page) => page.locator(".mantine-Skeleton-root");
const isFull = async (page: Page, text: string): Promise<void> => {
  const main = page.locator("main");
  const isThere = main.getByText(text).first().waitFor();
  await isThere.catch(async () => expect.fail(`Instead of "${text}" there is: ${await main.innerText()}`));
  await expect.poll(() => skeletons(page).count()).toBe(0);
};

/** Presses "Try again" until nothing has to be tried again; a press may answer several questions at once. */
async function tryAgain(page: Page): Promise<void> {
  for (let left = await again(page).count(); left > 0; left = await again(page).count()) {
    await again(page)
      .first()
      .click({ timeout: pressMs })
      .catch(() => undefined);
    await expect.poll(() => again(page).count()).toBeLessThan(left);
  }
}

// Guards the table itself: a screen that is added must be looked at here too.
test("every address of the router is in the table", () => {
  const text = readFileSync(join(import.meta.dirname, "../router.tsx"), "utf8");
  expect([...everyScreen.map(({ route }) => route), ...waysOn].toSorted()).toEqual(routesIn(text).toSorted());
});

test.each(asking)(
  "%s waits with its heading and grey lines, says why it failed, and tries again",
  async (_, screen) => {
    const { page, answers } = viewing(screen);
    const open = () => page.goto(addressOf(screen.path), { waitUntil: "commit" });
    answers.hold();
    await open();
    // What the former screen has asked for, which may ask again and again.
    answers.asked();
    await page.getByRole("heading", { level: 1, name: screen.title, exact: true }).waitFor();
    await page.locator("main").getByText("Loading…").first().waitFor({ state: "attached" });
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await page.locator("main").locator("table, ol.entries, .empty").count()).toBe(0);
    expect(await axeFaultsOf(page)).toEqual([]);
    answers.fail();
    await open();
    await again(page).first().waitFor();
    expect(await page.getByRole("alert").first().textContent()).toContain("Something went wrong on our side.");
    await expect.poll(() => skeletons(page).count()).toBe(0);
    expect(await axeFaultsOf(page)).toEqual([]);
    await answers.pass();
    await tryAgain(page);
    await isFull(page, screen.full);
    const [first, ...further] = answers.asked().filter((name) => screen.quietly?.includes(name) !== true);
    // Where there is one question only, it has failed just now.
    for (const name of further.length === 0 ? [] : [first ?? "", ...further]) {
      answers.fail(name);
      await open();
      const isTold = again(page).first().waitFor({ timeout: toldMs });
      await isTold.catch(() => expect.fail(`${name} fails without a word`));
      await answers.pass();
      await tryAgain(page);
      await isFull(page, screen.full);
    }
  },
);

test.each(quietOnes)("%s does without %s", async (_, name, screen) => {
  const { page, answers } = viewing(screen);
  answers.fail(name);
  await page.goto(addressOf(screen.path), { waitUntil: "commit" });
  await isFull(page, screen.full);
  expect(await page.getByRole("alert").count()).toBe(0);
});

test.each(emptyOnes)("%s says that there is nothing, and what to do", async (_, screen) => {
  const page = screen.empty?.path === undefined ? newcomer : viewing(screen).page;
  await page.goto(addressOf(screen.empty?.path ?? screen.path.split("?")[0] ?? "/"), { waitUntil: "commit" });
  await isFull(page, screen.empty?.text ?? "");
  expect(await again(page).count()).toBe(0);
});

test.each(screens)("%s comes in without a jump and is whole, on a phone and on a large display", async (_, screen) => {
  const { page, answers } = viewing(screen);
  answers.slow();
  await page.goto(addressOf(screen.path), { waitUntil: "commit" });
  await isFull(page, screen.full);
  const { sum, moved } = await jumpsOf(page);
  await answers.pass();
  expect.soft(sum, moved.join("\n")).toBeLessThan(jumpsMax);
  expect.soft(await wideFaultsOf(page, screen.name)).toEqual([]);
  expect(await schemeFaultsOf(page, screen.name)).toEqual([]);
});
