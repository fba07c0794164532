import { formatPeople, type GroupMapping } from "@rollcall/domain";
import { ActionIcon, NativeSelect } from "@mantine/core";
import { IconArrowDown, IconArrowRight, IconArrowUp, IconGripVertical, IconTrash } from "@tabler/icons-react";
import { type PointerEvent, type ReactNode, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Role } from "../../queries.ts";
import { moveItem, useDragOrder } from "./drag-order.ts";
import type { Mapping } from "./role-queries.ts";
import "./mapping-rows.css";

type MappingRowsProps = {
  readonly mappings: readonly GroupMapping[];
  /** The saved mappings, with the number of people of each. */
  readonly saved: readonly Mapping[];
  readonly targets: readonly Role[];
  readonly nameOf: (roleId: string) => string;
  readonly onChange: (mappings: readonly GroupMapping[]) => void;
};

/** The mappings in their order, which dragging or the buttons of a row change. */
export function MappingRows({ mappings, saved, targets, nameOf, onChange }: MappingRowsProps): ReactNode {
  const [said, setSaid] = useState("");
  const ids = mappings.map(({ groupId }) => groupId);
  const inOrder = (order: readonly string[]): readonly GroupMapping[] =>
    order.flatMap((id) => mappings.find(({ groupId }) => groupId === id) ?? []);
  const tell = (id: string, order: readonly string[]): void =>
    setSaid(`${nameOf(id)} is number ${order.indexOf(id) + 1} of ${order.length}.`);
  const list = useRef<HTMLOListElement>(null);
  const drag = useDragOrder(list, ids, (order, id) => {
    onChange(inOrder(order));
    tell(id, order);
  });
  const step = (id: string, by: Step): void => {
    const order = moveItem(ids, ids.indexOf(id), ids.indexOf(id) + by);
    // A row that moves in the document loses the focus.
    flushSync(() => onChange(inOrder(order)));
    focusMove(list.current, order.indexOf(id), by);
    tell(id, order);
  };
  const rows = inOrder(drag.order);
  return (
    <>
      <ol ref={list} className="mappings" aria-label="Mappings in their order" {...drag.handlers}>
        {rows.map((mapping, index) => (
          <MappingRow
            key={mapping.groupId}
            mapping={mapping}
            group={nameOf(mapping.groupId)}
            saved={saved.find((one) => one.groupId === mapping.groupId)}
            targets={targets}
            place={{ index, isLast: index === rows.length - 1, isDragged: drag.draggedId === mapping.groupId }}
            onDrag={(event) => drag.start(mapping.groupId, event)}
            onStep={(by) => step(mapping.groupId, by)}
            onTarget={(targetId) => onChange(mappings.map((one) => (one === mapping ? { ...one, targetId } : one)))}
            onRemove={() => onChange(mappings.filter((one) => one !== mapping))}
          />
        ))}
      </ol>
      <output className="visually-hidden">{said}</output>
    </>
  );
}

type Step = -1 | 1;

type MappingRowProps = {
  readonly mapping: GroupMapping;
  readonly group: string;
  readonly saved: Mapping | undefined;
  readonly targets: readonly Role[];
  readonly place: { readonly index: number; readonly isLast: boolean; readonly isDragged: boolean };
  readonly onDrag: (event: PointerEvent<HTMLElement>) => void;
  readonly onStep: (by: Step) => void;
  readonly onTarget: (targetId: string) => void;
  readonly onRemove: () => void;
};

function MappingRow({ mapping, group, saved, targets, place, ...acts }: MappingRowProps): ReactNode {
  return (
    <li data-dragged={place.isDragged}>
      <span className="grip" aria-hidden onPointerDown={acts.onDrag}>
        <IconGripVertical size={18} stroke={1.75} />
        <span>{place.index + 1}</span>
      </span>
      <div className="mapping-group">
        <strong>{group}</strong>
        <div className="quiet small">{reachLabel(saved)}</div>
      </div>
      <IconArrowRight className="mapping-arrow" size={18} stroke={1.75} aria-hidden />
      <NativeSelect
        className="mapping-target"
        aria-label={`Role for ${group}`}
        value={mapping.targetId}
        data={targets.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => acts.onTarget(event.currentTarget.value)}
      />
      <span className="mapping-buttons">
        <MoveButton group={group} by={-1} isLast={place.index === 0} onMove={() => acts.onStep(-1)} />
        <MoveButton group={group} by={1} isLast={place.isLast} onMove={() => acts.onStep(1)} />
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Remove the mapping of ${group}`}
          onClick={acts.onRemove}
        >
          <IconTrash size={18} stroke={1.75} aria-hidden />
        </ActionIcon>
      </span>
    </li>
  );
}

type MoveButtonProps = {
  readonly group: string;
  readonly by: Step;
  readonly isLast: boolean;
  readonly onMove: () => void;
};

function MoveButton({ group, by, isLast, onMove }: MoveButtonProps): ReactNode {
  const Icon = by === -1 ? IconArrowUp : IconArrowDown;
  const names = by === -1 ? ["up", "first"] : ["down", "last"];
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      data-move={by}
      disabled={isLast}
      aria-label={`Move ${group} ${names[0]}`}
      title={isLast ? `It is the ${names[1]} one already` : undefined}
      onClick={onMove}
    >
      <Icon size={18} stroke={1.75} aria-hidden />
    </ActionIcon>
  );
}

/** The other button of the row if the pressed one is disabled now. */
function focusMove(list: HTMLOListElement | null, place: number, by: Step): void {
  const buttons = [...(list?.children[place]?.querySelectorAll<HTMLButtonElement>("button[data-move]:enabled") ?? [])];
  const pressed = buttons.find((button) => button.dataset["move"] === String(by));
  (pressed ?? buttons[0])?.focus();
}

function reachLabel(mapping: Mapping | undefined): string {
  if (mapping === undefined) return "Not saved yet";
  const { inGroup, decided } = mapping;
  if (decided === inGroup) return `${formatPeople(inGroup)} in the group`;
  return `${formatPeople(inGroup)} in the group; this mapping applies to ${decided.toLocaleString("en")} of them`;
}
