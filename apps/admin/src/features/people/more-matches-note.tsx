import type { ReactNode } from "react";

type MoreMatchesNoteProps = {
  readonly found: { readonly total: number; readonly members: readonly unknown[] } | undefined;
};

/** Says that more people match than are offered, so that nobody takes the first of them for all. */
export function MoreMatchesNote({ found }: MoreMatchesNoteProps): ReactNode {
  if (found === undefined || found.total <= found.members.length) return null;
  return (
    <output className="quiet small">
      {`The first ${found.members.length} of ${found.total.toLocaleString("en")} who match. Type more of the name.`}
    </output>
  );
}
