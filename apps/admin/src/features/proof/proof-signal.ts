const key = "rollcall-signed-in-again";

/** Signals to the other pages of this browser that the person has signed in again. */
export function signalProof(): void {
  localStorage.setItem(key, String(Date.now()));
}

/** Calls `listener` when another page has signalled. Returns the unsubscribe function. */
export function onProofSignal(listener: () => void): () => void {
  const heard = (event: StorageEvent): void => {
    if (event.key === key) listener();
  };
  window.addEventListener("storage", heard);
  return () => window.removeEventListener("storage", heard);
}
