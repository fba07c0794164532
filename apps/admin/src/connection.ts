let isLost = false;
const listeners = new Set<() => void>();

/** Is the server out of reach or without its database, as far as the page knows? */
export function isConnectionLost(): boolean {
  return isLost;
}

/** Whether the server was reached just now. */
export function noteConnection(isThere: boolean): void {
  if (isLost !== isThere) return;
  isLost = !isThere;
  for (const listener of listeners) listener();
}

/** Calls `listener` when the connection is lost or back. Returns how to end that. */
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
