import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";

/** A placeholder of `count` rows of `height` pixels, which avoids layout shift. */
export function SkeletonLines({ count, height = 44 }: { readonly count: number; readonly height?: number }): ReactNode {
  const rows = Array.from({ length: count }, (_, row) => `row-${row}`);
  return (
    <div>
      <output className="visually-hidden">Loading…</output>
      {rows.map((row) => (
        <Skeleton key={row} height={height - 8} mb={8} radius="sm" aria-hidden />
      ))}
    </div>
  );
}
