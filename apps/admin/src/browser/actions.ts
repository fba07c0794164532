import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import type { Person, Stage } from "./stage.ts";

const settleMs = 2000;
const shotsFolder = process.env["SCREENS_DIR"];

/** A page of a visitor of its own, without motion, so that nothing is looked at halfway. */
export async function visit(stage: Stage, path = "/"): Promise<Page> {
  const context = await stage.browser.newContext({
    baseURL: stage.appUrl,
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(path);
  return page;
}

/** Signs in by the form and waits until the console is there. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^Account of/ }).waitFor();
}

/** A visitor who has signed in, at `path`. */
export async function visitAs(stage: Stage, person: Person, path = "/"): Promise<Page> {
  const page = await visit(stage, path);
  await signIn(page, person);
  return page;
}

/**
 * What is wrong with what is on screen: the faults that axe knows, in light and in dark, and scrolling sideways at 360
 * pixels. With `SCREENS_DIR` set, pictures of it are kept there.
 */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  // What the last click has left the pointer over may show its tooltip a moment later, or not.
  await page.mouse.move(0, 0);
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: "attached" });
    const { violations } = await new AxeBuilder({ page }).analyze();
    faults.push(...violations.map(({ id, nodes }) => `${scheme}, ${id}: ${nodes.map(({ html }) => html).join(" | ")}`));
    await keep(page, `${name}-${scheme}-1280`);
    await page.setViewportSize({ width: 360, height: 800 });
    if (await scrollsSideways(page)) faults.push(`${scheme}: scrolls sideways at 360 pixels`);
    await keep(page, `${name}-${scheme}-360`);
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  return faults;
}

/** Floating parts follow a new width a moment later, for which this waits. */
async function scrollsSideways(page: Page): Promise<boolean> {
  try {
    await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth, undefined, {
      timeout: settleMs,
    });
    return false;
  } catch {
    return true;
  }
}

async function keep(page: Page, name: string): Promise<void> {
  if (shotsFolder === undefined) return;
  const isDialog = await page.getByRole("dialog").isVisible();
  await page.screenshot({ path: join(shotsFolder, `${name}.png`), fullPage: !isDialog });
}

/** The screen's own heading is there: its code has come and the session is known. */
export async function atScreen(page: Page, title: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}
