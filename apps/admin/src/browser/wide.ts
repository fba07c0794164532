import type { Page } from "playwright-core";
import { keepPicture } from "./acts.ts";

const display = { width: 3840, height: 2160 } as const;
const charactersMax = 95;
const controlWidthMax = 820;

/** What is wrong on a display of 3840 pixels: scrolling sideways, lines that are too long to read, stretched controls. */
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
  await keepPicture(page, `${name}-3840`);
  await page.setViewportSize({ width: 1280, height: 900 });
  return faults;
}
