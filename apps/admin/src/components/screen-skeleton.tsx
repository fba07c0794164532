import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { SkeletonLines } from "./skeleton-lines.tsx";

/** Holds a screen's place while its code or the session is being loaded. */
export function ScreenSkeleton(): ReactNode {
  return (
    <div>
      <Skeleton height={32} width={220} mb={12} aria-hidden />
      <Skeleton height={18} width="min(28rem, 90%)" mb={32} aria-hidden />
      <SkeletonLines count={6} height={56} />
    </div>
  );
}
