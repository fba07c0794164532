const awayMs = 60_000;
let lastInputAt = performance.now();

for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"] as const) {
  window.addEventListener(kind, () => (lastInputAt = performance.now()), { passive: true, capture: true });
}

/** Has the person left the page for more than a minute? What it asks by itself then keeps no session alive. */
export function isAway(): boolean {
  return performance.now() - lastInputAt > awayMs;
}
