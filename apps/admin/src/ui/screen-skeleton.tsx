import { Skeleton } from "@mantine/core";
import { type ReactNode, useSyncExternalStore } from "react";
import { isConnectionLost, onConnection } from "../connection.ts";
import { Page } from "./page.tsx";
import { SkeletonLines } from "./skeleton-lines.tsx";

/** The placeholder while the code or the session loads; without a connection it says so. */
export function ScreenSkeleton(): ReactNode {
  const isLost = useSyncExternalStore(onConnection, isConnectionLost);
  if (isLost) {
    return (
      <Page title="Waiting for the connection" lead="This screen opens as soon as Rollcall can be reached.">
        {null}
      </Page>
    );
  }
  return (
    <div>
      <Skeleton height={32} width={220} mb={12} aria-hidden />
      <Skeleton height={18} width="min(28rem, 90%)" mb={32} aria-hidden />
      <SkeletonLines count={6} height={56} />
    </div>
  );
}
