import type { ReactNode } from "react";

type MoreMatchesNoteProps = {
  readonly found: { readonly total: number; readonly members: readonly unknown[] } | undefined;
};

/** Shown if more people match than are listed. */
export function MoreMatchesNote({ found }: MoreMatchesNoteProps): ReactNode {
  if (found === undefined || found.total <= found.members.length) return null;
  return (
    <output className="quiet small">
      {`The first ${found.members.length} of ${found.total.toLocaleString("en")} who match. Type more of the name.`}
    </output>
  );
}
