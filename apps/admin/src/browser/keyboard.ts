import type { Page } from "playwright-core";

/** What the keyboard is on: the name of the control, whether one sees that, and whether it is in a dialog. */
export type Stop = { readonly name: string; readonly isSeen: boolean; readonly isInDialog: boolean };

const stopsMax = 150;

/** Goes on by Tab until `name` is reached. Returns the stops that were passed; throws where it cannot be reached. */
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

/** Those of the stops that one cannot see the focus on. */
export const unseen = (stops: readonly Stop[]): string[] =>
  stops.filter(({ isSeen }) => !isSeen).map(({ name }) => name);

/**
 * The control that has the focus. One sees that if taking the focus away changes an outline, a shadow or a border, of
 * the control or of what stands next to it or around it, as for a switch that is drawn beside its input.
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
      // No handler learns of it.
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
