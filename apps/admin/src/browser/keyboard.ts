import type { Page } from "playwright-core";

/** The focused control: its name, whether the focus is visible, and whether it is in a dialog. */
export type Stop = { readonly name: string; readonly isSeen: boolean; readonly isInDialog: boolean };

const stopsMax = 150;

/** Presses Tab until `name` has the focus. Returns the stops on the way; throws if it is not reached. */
export async function tabTo(page: Page, name: string | RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (let count = 0; count < stopsMax; count += 1) {
    await page.keyboard.press(key);
    const stop = await stopOf(page);
    stops.push(stop);
    if (typeof name === "string" ? stop.name === name : name.test(stop.name)) return stops;
  }
  throw new Error(`${name} was not reached: ${stops.map((stop) => stop.name).join(" > ")}`);
}

/** The names of the stops without a visible focus. */
export const unseen = (stops: readonly Stop[]): string[] =>
  stops.filter(({ isSeen }) => !isSeen).map(({ name }) => name);

/**
 * The focused control. The focus is visible if removing it changes an outline, a shadow or a border of
 * the control, its siblings or its ancestors, as for a switch that is drawn beside its input.
 */
export async function stopOf(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const control = document.activeElement;
    if (!(control instanceof HTMLElement) || control === document.body)
      return { name: "", isSeen: true, isInDialog: false };
    const label =
      "labels" in control && control.labels instanceof NodeList ? control.labels[0]?.textContent : undefined;
    const name = control.getAttribute("aria-label") ?? label ?? control.textContent.trim();
    const drawn = [control, control.nextElementSibling, control.parentElement, control.parentElement?.parentElement];
    const look = (): string =>
      drawn
        .flatMap((element) => (element instanceof Element ? [getComputedStyle(element)] : []))
        .map(({ outline, boxShadow, borderColor }) => `${outline} ${boxShadow} ${borderColor}`)
        .join();
    const plain = new CSSStyleSheet();
    plain.replaceSync("*, *::before { transition: none !important }");
    document.adoptedStyleSheets = [plain];
    const focused = look();
    const { outlineStyle, outlineWidth } = getComputedStyle(control);
    let isSeen = outlineStyle !== "none" && outlineWidth !== "0px";
    if (!isSeen) {
      // Without events.
      const stop = (event: Event): void => event.stopImmediatePropagation();
      for (const kind of ["blur", "focus", "focusin", "focusout"]) window.addEventListener(kind, stop, true);
      control.blur();
      isSeen = look() !== focused;
      control.focus({ preventScroll: true });
      for (const kind of ["blur", "focus", "focusin", "focusout"]) window.removeEventListener(kind, stop, true);
    }
    return { name, isSeen, isInDialog: control.closest("[role=dialog]") !== null };
  });
}
