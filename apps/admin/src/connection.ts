let isLost = false;
const listeners = new Set<() => void>();

/** Was the server or its database unavailable at the last request? */
export function isConnectionLost(): boolean {
  return isLost;
}

/** Stores whether the last request reached the server. */
export function noteConnection(isThere: boolean): void {
  if (isLost !== isThere) return;
  isLost = !isThere;
  for (const listener of listeners) listener();
}

/** Calls `listener` when the connection is lost or restored. Returns the unsubscribe function. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Resolves once the server can be reached. */
export function untilConnected(): Promise<void> {
  if (!isLost) return Promise.resolve();
  return new Promise((resolve) => {
    const end = onConnection(() => {
      if (isLost) return;
      end();
      resolve();
    });
  });
}
