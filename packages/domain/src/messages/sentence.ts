const notWritten = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name as part of a sentence: on one line, without control characters, and in quotes if it ends with a punctuation
 * mark.
 */
export function nameInSentence(text: string): string {
  const name = text.replaceAll(notWritten, " ").replaceAll(/\s+/gu, " ").trim();
  const isMark = /(?:[,;:!?…。]|\.\.)$/u.test(name) || !/[\p{L}\p{N}]/u.test(name);
  return name !== "" && isMark ? `“${name}”` : name;
}

/** `1 removal`, `1,200 removals`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? singular : plural}`;
}

/** `1 person`, `1,200 people`. */
export function formatPeople(count: number): string {
  return formatCount(count, "person", "people");
}

/** The text with a full stop, unless it ends with a mark of its own. */
export function withFullStop(text: string): string {
  return /[.!?…。][”"]?$/u.test(text) ? text : `${text}.`;
}
