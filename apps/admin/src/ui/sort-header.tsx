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
 * What a sortable column's header holds: a button, and the bare name for where rows are cards and the header is not seen,
 * as nobody should reach a button there that they cannot see. Which way it is sorted, the header's `aria-sort` says.
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
