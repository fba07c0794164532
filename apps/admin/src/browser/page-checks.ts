import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type axe from "axe-core";
import { errors, type Locator, type Page } from "playwright-core";

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

const textOf = (file: string): string => readFileSync(createRequire(import.meta.url).resolve(file), "utf8");
const classesIn = (css: string): ReadonlySet<string> => new Set(css.match(/\bm_[0-9a-f]+/g));
/** Less than half the size of `axe.source`. */
const axeSource = textOf("axe-core/axe.min.js");
/** The classes for which Mantine has rules. */
const mantineClasses = classesIn(textOf("@mantine/core/styles.css"));
const built = join(import.meta.dirname, "../../dist/assets");
const styles = readdirSync(built).filter((name) => name.endsWith(".css"));
const consoleClasses = classesIn(styles.map((name) => readFileSync(join(built, name), "utf8")).join("\n"));
const usual = { width: 1280, height: 800 } as const;
const phone = { width: 360, height: 800 } as const;
const folder = process.env["SCREENS_DIR"];
const guidesFolder = process.env["GUIDES_DIR"];
const wideFolder = process.env["WIDE_SCREENS_DIR"];
/** Full height for pictures only: painting eight million pixels without a graphics card takes a second. */
const display = { width: 3840, height: wideFolder === undefined ? 800 : 2160 } as const;
const settleMs = 2000;
const charactersMax = 95;
const outlineContrastMin = 3;
const controlWidthMax = 820;

/** The faults at a width of 3840 pixels: horizontal scrolling, lines too long to read, stretched controls. */
export async function wideFaultsOf(page: Page, name: string): Promise<string[]> {
  await page.setViewportSize(display);
  const faults = await page.evaluate(
    ([charactersMax, controlWidthMax]) => {
      const found: string[] = [];
      if (document.documentElement.scrollWidth > window.innerWidth) found.push("scrolls sideways");
      const isShown = (element: Element): boolean => element.getClientRects().length > 0;
      for (const prose of document.querySelectorAll("main p, main li, main dd")) {
        if (!isShown(prose) || prose.querySelector("p, li, div, button, code, table") !== null) continue;
        const range = document.createRange();
        range.selectNodeContents(prose);
        const lines = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 6))).size;
        const length = prose.textContent.length / Math.max(1, lines);
        if (length > charactersMax)
          found.push(`${Math.round(length)} characters a line: ${prose.textContent.slice(0, 60)}`);
      }
      for (const control of document.querySelectorAll("main button, main input:not([type=checkbox]), main select")) {
        const { width } = control.getBoundingClientRect();
        if (width > controlWidthMax)
          found.push(`a control of ${Math.round(width)} pixels: ${control.outerHTML.slice(0, 80)}`);
      }
      return found;
    },
    [charactersMax, controlWidthMax] as const,
  );
  await keep(page, wideFolder, `${name}-3840`);
  await page.setViewportSize(usual);
  return faults;
}

/** The violations that axe finds, of all rules by default. */
export async function axeFaultsOf(page: Page, ...rules: readonly string[]): Promise<string[]> {
  // Once per document, as loading axe takes as long as an analysis; and by the protocol, so that Chromium compiles it once.
  if (!(await page.evaluate(() => "axe" in window))) {
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: axeSource });
    await session.detach();
  }
  return page.evaluate(async (names) => {
    const options = { resultTypes: ["violations" as const], preload: false };
    const { violations } = await window.axe.run(
      document,
      names.length === 0 ? options : { ...options, runOnly: [...names] },
    );
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  }, rules);
}

/** The page's classes for which Mantine has rules that the console does not load (`ui/styles/mantine.css`). */
export async function unstyledOf(page: Page): Promise<string[]> {
  const shown = await page.evaluate(() =>
    [...document.querySelectorAll("[class]")].flatMap((element) => [...element.classList]),
  );
  const unstyled = [...new Set(shown)].filter((name) => mantineClasses.has(name) && !consoleClasses.has(name));
  return unstyled.map((name) => `without style: ${name}`);
}

/**
 * Controls whose outline has less than 3:1 contrast to what is around them (WCAG 2.2 section 1.4.11). A checked one is
 * known by its mark.
 */
function faintOf(page: Page): Promise<string[]> {
  return page.evaluate(async (outlineMin) => {
    const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(transitions.map(({ finished }) => finished));
    const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = channels(color)
        .map((channel) => channel / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const isPainted = (color: string): boolean => channels(color)[3] !== 0;
    const around = (element: Element | null): string => {
      const color = element === null ? "rgb(255, 255, 255)" : getComputedStyle(element).backgroundColor;
      return isPainted(color) ? color : around(element?.parentElement ?? null);
    };
    const controls = [...document.querySelectorAll("input:enabled:not(:checked), select:enabled, textarea:enabled")];
    const outlines = controls.flatMap((control): [Element, string][] => {
      if (control.role === "switch") {
        const track = control.nextElementSibling;
        return track === null ? [] : [[track, getComputedStyle(track).backgroundColor]];
      }
      return [[control, getComputedStyle(control).borderTopColor]];
    });
    return outlines
      .filter(([element]) => element.getClientRects().length > 0)
      .filter(([element, color]) => {
        const [dark = 0, light = 0] = [color, around(element.parentElement)].map(luminance).toSorted((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05) < outlineMin;
      })
      .map(([element, color]) => `faint outline ${color}: ${element.outerHTML.slice(0, 120)}`);
  }, outlineContrastMin);
}

/**
 * The faults of the screen: parts without style, faint outlines and axe's violations in the current color scheme,
 * contrast in the other one, which differs in colors alone and stays, and content that is cut off at 360 pixels. With
 * `SCREENS_DIR` set, pictures are kept there.
 */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  // The pointer may be over an element whose tooltip opens after a delay.
  await page.mouse.move(0, 0);
  const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const [scheme, other] = isDark ? (["dark", "light"] as const) : (["light", "dark"] as const);
  const faults = [...(await unstyledOf(page)), ...(await faintOf(page)), ...(await axeFaultsOf(page))];
  await keep(page, folder, `${name}-${scheme}`);
  await showIn(page, other);
  const inOther = [...(await faintOf(page)), ...(await axeFaultsOf(page, "color-contrast"))];
  faults.push(...inOther.map((fault) => `${other}: ${fault}`));
  await keep(page, folder, `${name}-${other}`);
  const wide = page.viewportSize() ?? usual;
  await page.setViewportSize(phone);
  if (!(await holds(page, isNarrow))) faults.push("scrolls sideways at 360 pixels");
  if (!(await holds(page, showsPlace))) faults.push("the current page is out of sight in the navigation at 360 pixels");
  await keep(page, folder, `${name}-360`);
  await page.setViewportSize(wide);
  return faults;
}

const isNarrow = (): boolean => document.documentElement.scrollWidth <= window.innerWidth;

/** Is the link of the current page visible in a one-line navigation? */
const showsPlace = (): boolean => {
  const place = document.querySelector(".side-nav [data-status=active]")?.getBoundingClientRect();
  return place === undefined || (place.left >= 0 && place.right <= window.innerWidth);
};

/** Waits, as floating elements and the navigation adapt to a new width after a delay. */
async function holds(page: Page, condition: () => boolean): Promise<boolean> {
  try {
    await page.waitForFunction(condition, undefined, { timeout: settleMs });
    return true;
  } catch (cause) {
    if (cause instanceof errors.TimeoutError) return false;
    throw cause;
  }
}

async function showIn(page: Page, scheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: "attached" });
}

/** With `GUIDES_DIR` set, keeps a picture of this part for docs/guides, with a public address and the token masked. */
export async function keepPart(part: Locator, name: string): Promise<void> {
  if (guidesFolder === undefined) return;
  await showIn(part.page(), "light");
  await part.evaluate((element) => {
    if (element instanceof HTMLElement && getComputedStyle(element).padding === "0px") element.style.padding = "12px";
    const texts = document.createNodeIterator(element, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      node.nodeValue = (node.nodeValue ?? "")
        .replace(/http:\/\/127\.0\.0\.1:\d+/, "https://scim.example")
        .replace(/(rcl_\w{8})\w{42}/, `$1${"•".repeat(42)}`);
    }
  });
  await part.screenshot({ path: join(guidesFolder, `${name}.png`) });
}

/** The viewport only, to keep the files small. */
async function keep(page: Page, path: string | undefined, name: string): Promise<void> {
  if (path !== undefined) await page.screenshot({ path: join(path, `${name}.png`) });
}
