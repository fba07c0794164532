import { type AsyncRouteComponent, lazyRouteComponent } from "@tanstack/react-router";
import { queryClient } from "./api.ts";
import { isConnectionLost, untilConnected } from "./connection.ts";
import { sessionQuery } from "./queries.ts";

type Screen = () => React.ReactNode;

/**
 * A screen whose code is loaded when it is first shown. Without a connection the screen waits; the router
 * would reload the page, and the browser would show its own error page.
 */
export function lazyScreen<Name extends string>(
  load: () => Promise<Record<Name, Screen>>,
  name: Name,
): AsyncRouteComponent<object> {
  return lazyRouteComponent(async () => {
    try {
      return await load();
    } catch (cause) {
      await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0, retry: false }).catch(() => undefined);
      if (!isConnectionLost()) throw cause;
      await untilConnected();
      return load();
    }
  }, name);
}
