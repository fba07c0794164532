import { valueIn } from "../change/logged-values.ts";
import { formatCount, formatPeople, nameInSentence } from "./sentence.ts";

const namesMax = 3;

/** The changes of a decision, from the values of its log entry: "3 held removals (Ann, Bob and Cy)". */
export function heldLabel(values: unknown): string {
  const [count, names] = [valueIn(values, "count"), valueIn(values, "names")];
  if (typeof count !== "number") return "held removals";
  const listed: readonly unknown[] = Array.isArray(names) ? names : [];
  const known = listed
    .map((name) => (typeof name === "string" ? nameInSentence(name) : ""))
    .filter((name) => name !== "");
  const what = formatCount(count, "held removal");
  if (known.length === 0) return what;
  const shown = known.slice(0, namesMax);
  const rest = count - shown.length;
  return `${what} (${rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ")})`;
}

/** The duration of a release, as the end of the sentence. */
export function durationText(minutes: unknown): string {
  return typeof minutes === "number" ? ` for ${minutes} minutes` : "";
}

/** The change of the protection, and the number of held changes that it discarded; undefined if the log has neither. */
export function guardStateText(values: unknown): string | undefined {
  const [isOn, held] = [valueIn(values, "isGuardOn"), valueIn(values, "held")];
  if (typeof isOn !== "boolean") return undefined;
  const state = `turned ${isOn ? "on" : "off"} mass-removal protection`;
  return typeof held === "number" && held > 0 ? `${state} with ${formatCount(held, "removal")} on hold` : state;
}

/** The effect on members of turning provisioning off. */
export function afterwardsText(after: unknown): string {
  const told = [
    ["removed", valueIn(after, "membersRemoved"), ""],
    ["kept", valueIn(after, "membersLocked"), " locked"],
    ["unlocked", valueIn(after, "membersReleased"), ""],
  ] as const;
  return told
    .filter(([, count]) => typeof count === "number")
    .map(([did, count, how]) => ` and ${did} ${peopleLabel(count)}${how}`)
    .join("");
}

/** The work on the people after provisioning was turned off, as the object of "finished". */
export function peopleDoneLabel(after: unknown): string {
  const [removed, locked] = [valueIn(after, "membersRemoved"), valueIn(after, "membersLocked")];
  if (typeof removed === "number") return `removing ${peopleLabel(removed)}`;
  if (typeof locked === "number") return `clearing the external ids of ${peopleLabel(locked)}`;
  return `unlocking ${peopleLabel(valueIn(after, "membersReleased"))}`;
}

/** The logged number of people, or `people` if the log does not have it. */
export function peopleLabel(count: unknown): string {
  return typeof count === "number" ? formatPeople(count) : "people";
}

/** The setting for the removal of managed people; undefined if the log does not have it. */
export function removalText(isOnlyDirectory: unknown): string | undefined {
  if (typeof isOnlyDirectory !== "boolean") return undefined;
  return isOnlyDirectory
    ? "limited the removal of managed members to the identity provider"
    : "let owners remove managed members too";
}
