/** For a button that goes away by its own press: the focus goes to the next one of its card, or to the card, and is not lost. */
export function moveFocusOn(pressed: HTMLElement): void {
  const card = pressed.closest("section");
  if (card === null) return;
  const buttons = [...card.querySelectorAll<HTMLButtonElement>("button:enabled")];
  const place = buttons.findIndex((button) => button === pressed);
  const next = buttons[place + 1] ?? buttons[place - 1] ?? card;
  // A card is no stop of the keyboard, but may be where it goes on from.
  if (next === card) card.tabIndex = -1;
  next.focus();
}
