import { Button } from "@mantine/core";
import type { ReactNode } from "react";

type PagerProps = {
  /** The landmark's name: "members". */
  readonly what: string;
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
  /** `total` is not counted. */
  readonly isEstimate?: boolean;
  readonly onPage: (page: number) => void;
};

/** Pages count from 1. */
export function Pager({ what, page, pageSize, total, isEstimate = false, onPage }: PagerProps): ReactNode {
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const from = Math.min(total, (page - 1) * pageSize + 1);
  const to = Math.min(total, page * pageSize);
  return (
    <nav className="pager" aria-label={`Pages of ${what}`}>
      <output className="quiet small">
        {`${from.toLocaleString("en")}–${to.toLocaleString("en")} of ${isEstimate ? "about " : ""}${total.toLocaleString("en")}`}
      </output>
      {pages > 1 && (
        <Button.Group>
          <Button variant="default" size="xs" disabled={page <= 1} onClick={() => onPage(page - 1)}>
            Previous
          </Button>
          <Button variant="default" size="xs" disabled={page >= pages} onClick={() => onPage(page + 1)}>
            Next
          </Button>
        </Button.Group>
      )}
    </nav>
  );
}
