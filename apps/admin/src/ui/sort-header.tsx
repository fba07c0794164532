import { IconArrowDown, IconArrowUp, IconSelector } from "@tabler/icons-react";
import type { ReactNode } from "react";

const mark = { size: 14, stroke: 2, "aria-hidden": true } as const;

type SortHeaderProps = {
  readonly header: string;
  /** Undefined: the table is sorted by another column. */
  readonly desc: boolean | undefined;
  readonly onSort: () => void;
};

/**
 * The header of a sortable column: a button, and the plain name if rows are cards and the header is hidden,
 * as a hidden button must not take the focus. The `aria-sort` of the header has the direction.
 */
export function SortHeader({ header, desc, onSort }: SortHeaderProps): ReactNode {
  return (
    <>
      <span className="sort-plain">{header}</span>
      <button type="button" className="sort-button" data-sorted={desc === undefined ? undefined : ""} onClick={onSort}>
        {header}
        <Mark desc={desc} />
      </button>
    </>
  );
}

function Mark({ desc }: Pick<SortHeaderProps, "desc">): ReactNode {
  if (desc === undefined) return <IconSelector {...mark} />;
  return desc ? <IconArrowDown {...mark} /> : <IconArrowUp {...mark} />;
}
