import { type PointerEvent, type RefObject, useState } from "react";

type DragOrder = {
  /** The ids in the order on screen; a dragged one is where it would be dropped. */
  readonly order: readonly string[];
  readonly draggedId: string | undefined;
  readonly start: (id: string, event: PointerEvent<HTMLElement>) => void;
  /** For the list element: a row that moves in the document would lose the pointer capture. */
  readonly handlers: {
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerCancel: () => void;
  };
};

/** Reorders rows by dragging. The rows are the children of `list`, in the order of `ids`. */
export function useDragOrder(
  list: RefObject<HTMLElement | null>,
  ids: readonly string[],
  onDrop: (order: readonly string[], id: string) => void,
): DragOrder {
  const [drag, setDrag] = useState<{ readonly id: string; readonly order: readonly string[] }>();
  const order = drag?.order ?? ids;
  const orderUnder = (pointer: PointerEvent<HTMLElement>, id: string): readonly string[] => {
    const others = [...(list.current?.children ?? [])].filter((_, index) => order[index] !== id);
    const place = others.filter((row) => middleOf(row) < pointer.clientY).length;
    return moveItem(order, order.indexOf(id), place);
  };
  const follow = (event: PointerEvent<HTMLElement>): void => {
    if (drag === undefined) return;
    const next = orderUnder(event, drag.id);
    if (next.join() !== order.join()) setDrag({ id: drag.id, order: next });
  };
  // The last move may not have been rendered yet.
  const drop = (event: PointerEvent<HTMLElement>): void => {
    if (drag === undefined) return;
    const next = orderUnder(event, drag.id);
    if (next.join() !== ids.join()) onDrop(next, drag.id);
    setDrag(undefined);
  };
  return {
    order,
    draggedId: drag?.id,
    start: (id, event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      list.current?.setPointerCapture(event.pointerId);
      setDrag({ id, order: ids });
    },
    handlers: { onPointerMove: follow, onPointerUp: drop, onPointerCancel: () => setDrag(undefined) },
  };
}

function middleOf(row: Element): number {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

/** A copy of the list with the item at `from` moved to `to`. */
export function moveItem<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const item = list[from];
  if (item === undefined) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, item);
}
