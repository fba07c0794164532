import { type PointerEvent, type RefObject, useState } from "react";
import { moved } from "./moved.ts";

type DragOrder = {
  /** The ids as they stand on screen: while one is dragged, where it would be dropped. */
  readonly order: readonly string[];
  readonly draggedId: string | undefined;
  readonly start: (id: string, event: PointerEvent<HTMLElement>) => void;
  /** For the list itself, which holds the pointer: a row that moves in the document would lose it. */
  readonly handlers: {
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
  };
};

/** Lets a pointer drag the rows of `list`, which are its children in the order of `ids`, into another order. */
export function useDragOrder(
  list: RefObject<HTMLElement | null>,
  ids: readonly string[],
  onDrop: (order: readonly string[], id: string) => void,
): DragOrder {
  const [drag, setDrag] = useState<{ readonly id: string; readonly order: readonly string[] }>();
  const order = drag?.order ?? ids;
  const follow = ({ clientY }: PointerEvent<HTMLElement>): void => {
    if (drag === undefined || list.current === null) return;
    const place = [...list.current.children].filter(
      (row, index) => order[index] !== drag.id && middleOf(row) < clientY,
    ).length;
    const from = order.indexOf(drag.id);
    if (place !== from) setDrag({ id: drag.id, order: moved(order, from, place) });
  };
  const drop = (): void => {
    if (drag !== undefined && drag.order.join() !== ids.join()) onDrop(drag.order, drag.id);
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
