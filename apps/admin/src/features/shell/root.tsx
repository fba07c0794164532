import { IconPlugConnectedX } from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { type ReactNode, useSyncExternalStore } from "react";
import { isConnectionLost, onConnection } from "../../connection.ts";

/** Around every screen: it says that the server is out of reach or has lost its database. That goes away by itself, and all on screen is asked for again. */
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
