import type { Browser, BrowserContext, Page } from "playwright-core";

/** What a step may take; a test that needs more says why. */
const stepMs = 5000;
const viewport = { width: 1280, height: 900 } as const;
/** Without motion, so that nothing is looked at halfway. */
const media = { colorScheme: "light", reducedMotion: "reduce" } as const;
const idleMax = 3;

/** The pages of one browser, each of a visitor of its own. */
export type Pages = {
  take(): Promise<Page>;
  /** Takes all pages back after a test, without anything that the test has left in them. */
  takeBack(): Promise<void>;
};

/** Pages are used again: a browser opens the console in a third of the time where it has done so before. */
export function pagesOf(browser: Browser, baseURL: string): Pages {
  let idle: Page[] = [];
  return {
    async take() {
      const known = idle.pop();
      if (known !== undefined && !known.isClosed()) return known;
      const permissions = ["clipboard-read", "clipboard-write"];
      const context = await browser.newContext({ ...media, baseURL, viewport, permissions });
      context.setDefaultTimeout(stepMs);
      return context.newPage();
    },
    async takeBack() {
      idle = [];
      for (const context of browser.contexts()) {
        const page = idle.length < idleMax ? await tidied(context) : undefined;
        if (page === undefined) await context.close();
        else idle.push(page);
      }
    },
  };
}

/** The only page of a context as if it were new; undefined where it cannot be made so. */
async function tidied(context: BrowserContext): Promise<Page | undefined> {
  const [page, ...others] = context.pages();
  if (page === undefined || others.length > 0) return undefined;
  try {
    // A clock that a test has installed stays in the page for good.
    if (await page.evaluate(() => "__pwClock" in window)) return undefined;
    page.removeAllListeners();
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.goto("about:blank");
    await context.setStorageState({ cookies: [], origins: [] });
    await page.setViewportSize(viewport);
    await page.emulateMedia(media);
    return page;
  } catch {
    // It has crashed or is closing; a new one takes its place.
    return undefined;
  }
}
