import type { ReactNode } from "react";

type BoundNoteProps = {
  readonly count: number;
  /** As many as the server lists at most. */
  readonly max: number;
  /** "roles". */
  readonly what: string;
};

/** Says that a list may go on where it is as long as lists of its kind get; nothing is cut off silently. */
export function BoundNote({ count, max, what }: BoundNoteProps): ReactNode {
  if (count < max) return null;
  return (
    <p className="quiet small after">
      {`The first ${max.toLocaleString("en")} ${what} are listed here; there may be more.`}
    </p>
  );
}
