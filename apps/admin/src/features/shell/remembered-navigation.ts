const key = "rollcall-places";

/** Stores whether the side navigation is shown, so that the next visit reserves its space while loading. */
export function rememberNavigation(isShown: boolean): void {
  try {
    window.localStorage.setItem(key, String(isShown));
  } catch {
    // Without storage each visit is like the first one.
  }
}

/** The stored value, for layout only; undefined on a first visit. */
export function wasNavigationShown(): boolean | undefined {
  try {
    const stored = window.localStorage.getItem(key);
    return stored === null ? undefined : stored === "true";
  } catch {
    return undefined;
  }
}
