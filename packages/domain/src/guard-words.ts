import { valueIn } from "./logged-values.ts";

const namesMax = 3;

/** The changes that a decision is about, from the values of its log entry: "3 held removals (Ann, Bob and Cy)". */
export function heldWords(values: unknown): string {
  const [count, names] = [valueIn(values, "count"), valueIn(values, "names")];
  if (typeof count !== "number") return "held removals";
  const known = (Array.isArray(names) ? names : []).filter((name) => typeof name === "string");
  const what = `${count} held ${count === 1 ? "removal" : "removals"}`;
  if (known.length === 0) return what;
  const shown = known.slice(0, namesMax);
  const rest = count - shown.length;
  return `${what} (${rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ")})`;
}

/** How long a release lasts, after the sentence. */
export function minutesWords(minutes: unknown): string {
  return typeof minutes === "number" ? ` for ${minutes} minutes` : "";
}

/** The new state of the protection, and what was forgotten with the former one. */
export function guardStateWords(values: unknown): string {
  const held = valueIn(values, "held");
  const state = valueIn(values, "isGuardOn") === true ? " to on" : " to off";
  return typeof held === "number" && held > 0 ? `${state} while it held ${held} changes` : state;
}
