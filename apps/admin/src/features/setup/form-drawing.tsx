import { Fragment, type ReactNode } from "react";
import type { Drawing, DrawnPart } from "./provider-guide.ts";

const width = 400;
const left = 52;
const right = width - 20;
const headHeight = 40;
const charWidth = 7.4;
const heights = { tabs: 44, field: 68, choice: 30, radio: 30, button: 54 } as const;
const lengthMax = 38;
const [tabCharWidth, tabGap] = [6.9, 20];

/** A drawing of a provider's form with the numbered values, and its text alternative. */
export function FormDrawing({ drawing }: { readonly drawing: Drawing }): ReactNode {
  const places = placesOf(drawing.parts);
  const height = headHeight + drawing.parts.reduce((sum, { kind }) => sum + heights[kind], 0) + 18;
  return (
    <figure className="drawing">
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden>
        <rect className="drawing-paper" x="1" y="1" width={width - 2} height={height - 2} rx="12" />
        <path className="drawing-line" d={`M1 ${headHeight - 8}H${width - 1}`} />
        {[20, 34, 48].map((x) => (
          <circle key={x} className="drawing-dot" cx={x} cy="17" r="4" />
        ))}
        <text className="drawing-title" x="66" y="21">
          {drawing.title}
        </text>
        {places.map(({ part, y }) => (
          <Fragment key={y}>
            <Part part={part} y={y} />
            {"mark" in part && part.mark !== undefined && <Mark number={part.mark} y={y + markDrop[part.kind]} />}
          </Fragment>
        ))}
      </svg>
      <figcaption className="visually-hidden">{describeDrawing(drawing)}</figcaption>
    </figure>
  );
}

const markDrop = { tabs: 0, field: 44, choice: 15, radio: 15, button: 31 } as const;

function Part({ part, y }: { readonly part: DrawnPart; readonly y: number }): ReactNode {
  switch (part.kind) {
    case "tabs":
      return <Tabs part={part} y={y} />;
    case "field":
      return (
        <>
          <text className="drawing-label" x={left} y={y + 20}>
            {part.label}
          </text>
          <rect className="drawing-field" x={left} y={y + 28} width={right - left} height="32" rx="6" />
          <text className="drawing-value" x={left + 12} y={y + 49}>
            {clipped(part.value)}
          </text>
        </>
      );
    case "radio":
      return (
        <>
          <circle className="drawing-box" cx={left + 9} cy={y + 15} r="9" />
          {part.isOn && <circle className="drawing-chosen" cx={left + 9} cy={y + 15} r="5" />}
          <text className="drawing-label" x={left + 28} y={y + 20}>
            {part.label}
          </text>
        </>
      );
    case "choice":
      return (
        <>
          <rect className="drawing-box" data-on={part.isOn} x={left} y={y + 6} width="18" height="18" rx="4" />
          {part.isOn && <path className="drawing-tick" d={`M${left + 4} ${y + 15}l4 4 7-8`} />}
          <text className="drawing-label" x={left + 28} y={y + 20}>
            {part.label}
          </text>
        </>
      );
    case "button":
      return (
        <>
          <rect
            className="drawing-button"
            x={left}
            y={y + 14}
            width={part.label.length * charWidth + 28}
            height="34"
            rx="7"
          />
          <text className="drawing-button-label" x={left + 14} y={y + 36}>
            {part.label}
          </text>
        </>
      );
  }
}

function Tabs({ part, y }: { readonly part: Extract<DrawnPart, { kind: "tabs" }>; readonly y: number }): ReactNode {
  return part.labels.map((label, place) => {
    const before = part.labels.slice(0, place).reduce((sum, { length }) => sum + length * tabCharWidth + tabGap, 0);
    const x = 20 + before;
    const isCurrent = label === part.current;
    return (
      <Fragment key={label}>
        <text className={isCurrent ? "drawing-tab-current" : "drawing-tab"} x={x} y={y + 20}>
          {label}
        </text>
        {isCurrent && <path className="drawing-under" d={`M${x} ${y + 29}h${label.length * tabCharWidth}`} />}
      </Fragment>
    );
  });
}

function Mark({ number, y }: { readonly number: number; readonly y: number }): ReactNode {
  return (
    <>
      <circle className="drawing-mark" cx="28" cy={y} r="11" />
      <text className="drawing-number" x="28" y={y + 4.5} textAnchor="middle">
        {number}
      </text>
    </>
  );
}

function placesOf(parts: readonly DrawnPart[]): readonly { readonly part: DrawnPart; readonly y: number }[] {
  let y = headHeight;
  return parts.map((part) => {
    const place = { part, y };
    y += heights[part.kind];
    return place;
  });
}

function clipped(text: string): string {
  return text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
}

function describeDrawing({ title, parts }: Drawing): string {
  return `Drawing of the form “${title}”. ${parts.map(describePart).join(" ")}`;
}

function describePart(part: DrawnPart): string {
  const mark = "mark" in part && part.mark !== undefined ? `${part.mark}: ` : "";
  switch (part.kind) {
    case "tabs":
      return `The tab ${part.current} is open.`;
    case "field":
      return `${mark}the field ${part.label} holds ${part.value}.`;
    case "choice":
    case "radio":
      return `${mark}${part.label} is ${part.isOn ? "selected" : "not selected"}.`;
    case "button":
      return `${mark}the button ${part.label}.`;
  }
}
