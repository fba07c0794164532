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

/** Who may remove managed people, after the sentence. */
export function removalWords(isOnlyDirectory: unknown): string {
  return isOnlyDirectory === true ? " to the identity provider only" : " to owners as well";
}
