import { type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";
import { chromiumPath } from "./chromium-path.ts";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Pages share one process with a page that stays open, and so its compiled scripts.
  "--process-per-site",
  // A page is open for seconds, so optimized compilation costs more than it saves.
  "--js-flags=--no-maglev --no-turbofan --always-sparkplug",
] as const;

const settings: BrowserContextOptions = {
  viewport: { width: 1280, height: 900 },
  reducedMotion: "reduce",
  permissions: ["clipboard-read", "clipboard-write"],
};

/** The timeout of a step; a test that needs more says why. */
export const stepMs = 5000;

/** A browser with isolated contexts. */
export type Chromium = {
  /** A page in a new context, without animations. */
  newVisitor(): Promise<Page>;
  /** Closes the pages. */
  leave(): Promise<void>;
  close(): Promise<void>;
};

/** Contexts with a clock that a test moves. Playwright keeps it in the context, so they are not used again. */
const withClock = new WeakSet<BrowserContext>();

/** Lets a test move the clock of the documents that are opened from now on, instead of waiting for their timers. */
export async function controlClock(page: Page): Promise<void> {
  withClock.add(page.context());
  await page.clock.install();
}

/**
 * Moves the clock by `ms` until `shown` is on the page. A page that refetches does so `ms` after the last response, so
 * that a request under way when the clock moves would otherwise put the next one off by as much real time.
 */
export async function passTime(page: Page, ms: number, shown: Locator): Promise<void> {
  const isShown = async (): Promise<boolean> => {
    await page.clock.fastForward(ms);
    return shown.isVisible();
  };
  await expect.poll(isShown, { interval: 100, timeout: stepMs }).toBe(true);
}

/** Pages are at `origin`; contexts are emptied and reused, as their cache holds the console's scripts. */
export async function launchChromium(origin: string): Promise<Chromium> {
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: [...flags], headless: true });
  const free: BrowserContext[] = [];
  /** Has the page that stays open, which keeps the process alive. */
  const newContext = async (): Promise<BrowserContext> => {
    const context = await browser.newContext({ ...settings, baseURL: origin });
    const page = await context.newPage();
    await page.goto("/healthz");
    return context;
  };
  return {
    async newVisitor() {
      const context = free.pop() ?? (await newContext());
      context.setDefaultTimeout(stepMs);
      await context.clearCookies();
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "local_storage" });
      return page;
    },
    async leave() {
      const pages = browser.contexts().flatMap((context) => context.pages().slice(1));
      await Promise.all(pages.map((page) => page.close()));
      const spent = browser.contexts().filter((context) => withClock.has(context));
      await Promise.all(spent.map((context) => context.close()));
      free.splice(0, free.length, ...browser.contexts());
    },
    close: () => browser.close(),
  };
}
