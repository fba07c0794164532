import { type AsyncRouteComponent, lazyRouteComponent } from "@tanstack/react-router";
import { queryClient } from "./api.ts";
import { isConnectionLost, untilConnected } from "./connection.ts";
import { sessionQuery } from "./queries.ts";

type Screen = () => React.ReactNode;

/**
 * A screen whose code is loaded when it is first shown. While the server is out of reach the screen waits for it; the router
 * would load the whole page again, which the browser then answers with a page of its own.
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
