const key = "rollcall-places";

/** Stores whether the side navigation is shown, so that the next visit reserves its space while loading. */
export function rememberNavigation(isShown: boolean): void {
  try {
    window.localStorage.setItem(key, String(isShown));
  } catch {
    // Without storage the navigation appears once the session has loaded.
  }
}

/** The stored value; used for layout only. */
export function wasNavigationShown(): boolean {
  try {
    return window.localStorage.getItem(key) === "true";
  } catch {
    return false;
  }
}
