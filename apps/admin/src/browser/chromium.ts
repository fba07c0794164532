import { existsSync } from "node:fs";
import packed from "@sparticuz/chromium";
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"] as const;
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A visitor's pages share one process with a page that stays open, and with it what it has compiled of the scripts.
  "--process-per-site",
  // A page lives for seconds, in which compiling its scripts well costs more than it saves.
  "--js-flags=--no-maglev --no-turbofan --always-sparkplug",
] as const;

const settings: BrowserContextOptions = {
  viewport: { width: 1280, height: 900 },
  reducedMotion: "reduce",
  permissions: ["clipboard-read", "clipboard-write"],
};

/** What a step may take; a test that needs more says why. */
export const stepMs = 5000;

/** A browser whose visitors share nothing. */
export type Chromium = {
  /** A new visitor's page, without motion, so that nothing is looked at halfway. */
  newVisitor(): Promise<Page>;
  /** Closes the visitors' pages. */
  leave(): Promise<void>;
  close(): Promise<void>;
};

/**
 * The machine's Chromium or Chrome, else the one that npm delivers, which needs the system's libnss3. Its visitors are at
 * `origin`; a new one gets the emptied context of one who has left, whose cache holds the console's scripts.
 */
export async function launchChromium(origin: string): Promise<Chromium> {
  const executablePath = installed.find((path) => existsSync(path)) ?? (await packed.executablePath());
  const browser = await chromium.launch({ executablePath, args: [...flags], headless: true });
  const free: BrowserContext[] = [];
  /** With a page that stays open, the first one, so that its process stays. */
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
      free.splice(0, free.length, ...browser.contexts());
    },
    close: () => browser.close(),
  };
}
