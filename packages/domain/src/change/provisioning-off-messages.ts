import { valueIn } from "./logged-values.ts";

/** What became of the people when provisioning was turned off. */
export function afterwardsWords(after: unknown): string {
  const told = [
    ["removed", valueIn(after, "membersRemoved"), ""],
    ["kept", valueIn(after, "membersLocked"), " locked"],
    ["released", valueIn(after, "membersReleased"), ""],
  ] as const;
  return told
    .filter(([, count]) => typeof count === "number")
    .map(([did, count, how]) => ` and ${did} ${peopleWords(count)}${how}`)
    .join("");
}

/** `1 person`, `12 people`, or just `people` where the number is not known. */
export function peopleWords(count: unknown): string {
  if (typeof count !== "number") return "people";
  return `${count} ${count === 1 ? "person" : "people"}`;
}

/** What was decided about the removal of managed people; undefined where the log does not say. */
export function removalWords(isOnlyDirectory: unknown): string | undefined {
  if (typeof isOnlyDirectory !== "boolean") return undefined;
  return isOnlyDirectory
    ? "limited the removal of managed members to the identity provider"
    : "let owners remove managed members too";
}
