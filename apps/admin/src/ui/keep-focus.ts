/** The button that lost the focus because it was disabled. */
let waiting: HTMLButtonElement | undefined;
/** The last control outside of dialogs that had the focus, and the card or screen of it. */
let control: HTMLElement | undefined;
let place: HTMLElement | undefined;
/** A dialog was closed and nothing was pressed since. */
let isAfterDialog = false;

/**
 * Gives the focus back to a button that was disabled during its request: browsers take it away. After a dialog has
 * closed, keeps it at the control that opened it, or at its card or screen if the control is removed. Must be called
 * once.
 */
export function keepFocus(): void {
  document.addEventListener("focusin", ({ target }) => {
    waiting = undefined;
    if (!(target instanceof HTMLElement) || target.closest("[role=dialog]") !== null) return;
    control = target;
    place = target.closest<HTMLElement>("section, main") ?? place;
  });
  document.addEventListener("focusout", ({ target }) => {
    waiting = target instanceof HTMLButtonElement && target.disabled ? target : undefined;
  });
  for (const pressed of ["keydown", "pointerdown"])
    document.addEventListener(pressed, () => (isAfterDialog = false), { capture: true });
  const changes = { subtree: true, childList: true, attributeFilter: ["disabled"] };
  new MutationObserver(() => {
    if (waiting?.disabled === false && isFocusLost()) waiting.focus({ preventScroll: true });
    if (isAfterDialog) leaveDialog();
  }).observe(document.body, changes);
}

/** Must be called when a dialog has closed. */
export function leaveDialog(): void {
  isAfterDialog = true;
  if (!isFocusLost()) return;
  if (control?.isConnected === true && !control.matches(":disabled")) control.focus({ preventScroll: true });
  else if (place?.isConnected === true) {
    // Not a tab stop, but tabbing continues from it.
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
}

const isFocusLost = (): boolean => document.activeElement === document.body;
