import type { Page } from "playwright-core";

/** The sum of the layout shifts without user input, and the elements that moved. */
export type LayoutShift = { readonly sum: number; readonly moved: readonly string[] };

/** Records the layout shifts of each document opened from now on. */
export async function watchLayoutShift(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { sum: 0, moved: new Array<string>() };
    Reflect.set(window, "rollcallLayoutShift", seen);
    const placeOf = ({ x, y, width, height }: DOMRectReadOnly): string => [x, y, width, height].map(Math.round).join();
    const note = (entry: PerformanceEntry): void => {
      if (!("value" in entry) || !("hadRecentInput" in entry) || entry.hadRecentInput === true) return;
      seen.sum += Number(entry.value);
      const sources: unknown = Reflect.get(entry, "sources");
      for (const source of Array.isArray(sources) ? sources : []) {
        const { node, previousRect, currentRect } = source;
        const what = node instanceof Element ? `${node.tagName}.${node.className}` : "text";
        seen.moved.push(
          `${Number(entry.value).toFixed(3)} ${what} ${placeOf(previousRect)} to ${placeOf(currentRect)}`,
        );
      }
    };
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({
      type: "layout-shift",
      buffered: true,
    });
  });
}

/** The layout shifts since the document was opened; waits until it has been painted. */
export async function layoutShiftOf(page: Page): Promise<LayoutShift> {
  const found: unknown = await page.evaluate(async () => {
    const paint = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let frame = 0; frame < 4; frame += 1) await paint();
    const seen: unknown = Reflect.get(window, "rollcallLayoutShift");
    return seen;
  });
  const [sum, moved]: readonly unknown[] = [Reflect.get(Object(found), "sum"), Reflect.get(Object(found), "moved")];
  return { sum: Number(sum), moved: Array.isArray(moved) ? moved.map(String) : [] };
}
