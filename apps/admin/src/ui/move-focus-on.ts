/** Moves the focus to another row or the card when a button removes its own row. */
export function moveFocusOn(pressed: HTMLElement): void {
  const [card, row] = [pressed.closest("section"), pressed.closest("li, tr")];
  if (card === null) return;
  // With its last row the whole list disappears, its header buttons included.
  const leaving = row?.parentElement?.childElementCount === 1 ? row.closest(".data-table, ul") : row;
  const buttons = [...card.querySelectorAll<HTMLButtonElement>("button:enabled")];
  const staying = buttons.filter((one) => leaving?.contains(one) !== true);
  const isBelow = (one: Node): boolean =>
    (pressed.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const next = staying.find(isBelow) ?? staying.at(-1) ?? card;
  // A card is not a tab stop, but tabbing may continue from it.
  if (next === card) card.tabIndex = -1;
  next.focus();
}
