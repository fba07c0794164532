import { IconListCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** The empty state of a list. */
export function EmptyNote({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <IconListCheck size={32} stroke={1.25} aria-hidden />
      <p>
        <strong>{title}</strong>
      </p>
      {children !== undefined && <p className="quiet small measure">{children}</p>}
    </div>
  );
}
