import type { ReactNode } from "react";

type BoundNoteProps = {
  readonly count: number;
  /** The server's upper bound. */
  readonly max: number;
  /** "roles". */
  readonly what: string;
};

/** Says that a list at the server's bound may be incomplete. */
export function BoundNote({ count, max, what }: BoundNoteProps): ReactNode {
  if (count < max) return null;
  return (
    <p className="quiet small after">
      {`The first ${max.toLocaleString("en")} ${what} are listed here; there may be more.`}
    </p>
  );
}
