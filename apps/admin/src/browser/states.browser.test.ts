import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeEach, expect } from "vitest";
import { newAcme } from "./acme.ts";
import { mutate, signedIn } from "./actions.ts";
import { type Network, networkOf } from "./network.ts";
import { everyScreen, frameQueries, routesIn, type Screen, waysOn } from "./every-screen.ts";
import { test as base } from "./fixture.ts";
import { fillOrganization } from "./full-organization.ts";
import { layoutShiftOf, watchLayoutShift } from "./layout-shift.ts";
import { axeFaultsOf, faultsOf, wideFaultsOf } from "./page-checks.ts";

// Every screen of the router while it loads, after errors, empty and full,
// without a layout shift and on a large display.
const pressMs = 2000;
const layoutShiftMax = 0.01;

type Viewing = { readonly page: Page; readonly answers: Network };

/** The screens only read, so one full organization serves all tests. `newcomer`: the owner of an empty one. */
const test = base.extend("views", { scope: "file" }, async ({ servers, idp }, { onCleanup }) => {
  onCleanup(() => servers.browser.leave());
  const acme = await newAcme(servers);
  const full = await fillOrganization(acme, idp);
  const member = await signedIn(acme, full.member);
  await mutate(member, "session.switchTo", { organizationId: acme.organizationId });
  const pages = [full.page, member, await acme.newVisitor()] as const;
  for (const page of pages) await watchLayoutShift(page);
  const [owner, plain, visitor] = await Promise.all(
    pages.map(async (page): Promise<Viewing> => ({ page, answers: await networkOf(page) })),
  );
  const newcomer = await signedIn(acme, (await acme.organization("Newcomers", "nora.new@new.example")).owner);
  return { idsByWord: full.idsByWord, byViewer: { owner, member: plain, visitor }, newcomer };
});

type Views = {
  readonly idsByWord: ReadonlyMap<string, string>;
  readonly byViewer: Readonly<Record<Screen["viewer"], Viewing | undefined>>;
};

function viewing({ byViewer }: Views, { viewer }: Screen): Viewing {
  const found = byViewer[viewer];
  if (found === undefined) throw new Error(`There is no page of a ${viewer}.`);
  return found;
}

const addressOf = ({ idsByWord }: Views, path: string): string =>
  path.replaceAll(/\$(\w+)/g, (_, word: string) => idsByWord.get(word) ?? "unknown");

// A failed test must not affect the next one.
beforeEach<{ views: Views }>(async ({ views }) => {
  for (const view of Object.values(views.byViewer)) await view?.answers.pass();
});

const screens = everyScreen.map((screen) => [screen.route, screen] as const);
const asking = screens.filter(([, { isAsking }]) => isAsking);
const emptyOnes = screens.filter(([, { empty }]) => empty !== undefined);

/**
 * All screens share the placeholder and the error with its button. axe looks at them in each kind of place: a page of its
 * own with and without a narrow column, a card, cards with titles, beside filters and tables, and below a toolbar.
 */
const representatives: readonly string[] = [
  "invitation",
  "developer-mail",
  "account",
  "provisioning",
  "members",
  "roles",
];
const isRepresentative = ({ name }: Screen): boolean => representatives.includes(name);

const again = (page: Page) => page.getByRole("button", { name: "Try again" });
const skeletons = (page: Page) => page.locator(".mantine-Skeleton-root");
const isFull = async (page: Page, text: string): Promise<void> => {
  const main = page.locator("main");
  const isThere = main.getByText(text).first().waitFor();
  await isThere.catch(async () => expect.fail(`Instead of "${text}" there is: ${await main.innerText()}`));
  await expect.poll(() => skeletons(page).count()).toBe(0);
};

/** Presses "Try again" until there is none: one press may repeat several queries, and another failure may show meanwhile. */
async function tryAgain(page: Page): Promise<void> {
  const press = async (): Promise<number> => {
    const button = again(page).first();
    if (await button.isVisible()) await button.click({ timeout: pressMs }).catch(() => undefined);
    return again(page).count();
  };
  await expect.poll(press).toBe(0);
}

/** Removes every cached response but the session, refetches and waits, as if the screen had just been opened. */
async function startOver(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const client = Reflect.get(window, "__TANSTACK_QUERY_CLIENT__");
    const isScreen = (query: { readonly queryKey: readonly unknown[] }): boolean =>
      String(query.queryKey[0]) !== "session,current";
    await client.resetQueries({ predicate: isScreen });
  });
}

// Every screen of the router must be in the table.
test("every address of the router is in the table", () => {
  const text = readFileSync(join(import.meta.dirname, "../router.tsx"), "utf8");
  expect([...everyScreen.map(({ route }) => route), ...waysOn].toSorted()).toEqual(routesIn(text).toSorted());
});

test.for(asking)(
  "%s shows its heading while it loads, and each failure with a way to retry",
  async ([, screen], { views }) => {
    const { page, answers } = viewing(views, screen);
    answers.hold();
    await page.goto(addressOf(views, screen.path), { waitUntil: "commit" });
    // Clears the queries of the former screen.
    answers.asked();
    await page.getByRole("heading", { level: 1, name: screen.title, exact: true }).waitFor();
    expect(await page.title()).toBe(`${screen.title} · Rollcall`);
    await page.locator("main").getByText("Loading…").first().waitFor({ state: "attached" });
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await page.locator("main").locator("table, ol.entries, .empty").count()).toBe(0);
    if (isRepresentative(screen)) expect(await axeFaultsOf(page)).toEqual([]);
    answers.fail();
    await again(page).first().waitFor();
    expect(await page.getByRole("alert").first().textContent()).toContain("Something went wrong on our side.");
    await expect.poll(() => skeletons(page).count()).toBe(0);
    if (isRepresentative(screen)) expect(await axeFaultsOf(page)).toEqual([]);
    await answers.pass();
    await tryAgain(page);
    await isFull(page, screen.full);
    const optional = screen.quietly ?? [];
    const required = answers.asked().filter((name) => !optional.includes(name));
    expect(required).not.toEqual([]);
    // A single query has failed just now.
    for (const name of required.length === 1 ? [] : required) {
      answers.fail(name);
      await startOver(page);
      const isShown = again(page).first().waitFor();
      await isShown.catch(() => expect.fail(`${name} fails without a message`));
      await answers.pass();
      await tryAgain(page);
      await isFull(page, screen.full);
    }
    for (const name of optional.filter((one) => !frameQueries.some((name) => name === one))) {
      answers.fail(name);
      await startOver(page);
      await isFull(page, screen.full);
      expect(await page.getByRole("alert").count(), name).toBe(0);
    }
  },
);

test.for(emptyOnes)("%s shows its empty state with the next step", async ([, screen], { views }) => {
  const page = screen.empty?.path === undefined ? views.newcomer : viewing(views, screen).page;
  const path = screen.empty?.path ?? screen.path.split("?")[0] ?? "/";
  await page.goto(addressOf(views, path), { waitUntil: "commit" });
  await isFull(page, screen.empty?.text ?? "");
  expect(await again(page).count()).toBe(0);
});

test.for(screens)(
  "%s comes in without a jump and is whole, on a phone and on a large display",
  async ([, screen], { views }) => {
    const { page, answers } = viewing(views, screen);
    answers.slow();
    await page.goto(addressOf(views, screen.path), { waitUntil: "commit" });
    await isFull(page, screen.full);
    const { sum, moved } = await layoutShiftOf(page);
    await answers.pass();
    expect.soft(sum, moved.join("\n")).toBeLessThan(layoutShiftMax);
    expect.soft(await wideFaultsOf(page, screen.name)).toEqual([]);
    expect(await faultsOf(page, screen.name)).toEqual([]);
  },
);
