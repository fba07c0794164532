const key = "rollcall-places";

/** Keeps in this browser whether there are places at the side, so that the next visit begins with room for them. */
export function rememberPlaces(areThere: boolean): void {
  try {
    window.localStorage.setItem(key, String(areThere));
  } catch {
    // A browser that keeps nothing shows the places a moment later.
  }
}

/** Whether they were there the last time. It decides about room on screen, and about nothing else. */
export function remembersPlaces(): boolean {
  try {
    return window.localStorage.getItem(key) === "true";
  } catch {
    return false;
  }
}
