import { IconPlugConnectedX } from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { type ReactNode, useSyncExternalStore } from "react";
import { isConnectionLost, onConnection } from "../../connection.ts";

/** Shows on every screen that the server or its database is not available. All queries are refetched once it is. */
export function Root(): ReactNode {
  const isLost = useSyncExternalStore(onConnection, isConnectionLost);
  return (
    <>
      <output className="connection">
        {isLost && (
          <span>
            <IconPlugConnectedX size={18} stroke={1.75} aria-hidden />
            {navigator.onLine
              ? "Rollcall is not available at the moment. This page reconnects by itself."
              : "You are offline. This page reconnects by itself."}
          </span>
        )}
      </output>
      <Outlet />
    </>
  );
}
