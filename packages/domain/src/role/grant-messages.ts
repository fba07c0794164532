import { nameInSentence } from "../sentence.ts";

/** Where a role came from that somebody gained or lost, after the sentence; "" where the person who did it says enough. */
export function grantWords(source: string | undefined, group: string | undefined): string {
  if (source !== "mapping") return "";
  return group === undefined ? ", by a mapping" : `, by the mapping of the group ${nameInSentence(group)}`;
}
