const key = "rollcall-signed-in-again";

/** Tells the other pages of this browser that the person has signed in again. */
export function signalProof(): void {
  localStorage.setItem(key, String(Date.now()));
}

/** Calls `listener` when another page has signalled. Returns how to end that. */
export function onProofSignal(listener: () => void): () => void {
  const heard = (event: StorageEvent): void => {
    if (event.key === key) listener();
  };
  window.addEventListener("storage", heard);
  return () => window.removeEventListener("storage", heard);
}
