/** Attributes whose values have no space: addresses, ids and dates. The last part of the path, in lower case. */
const namesWithoutBlanks: ReadonlySet<string> = new Set(["username", "emails", "value", "created", "lastmodified"]);
/** An upper bound on the length of a path and an operator. */
const lookBackMax = 200;

/**
 * Encodes a bare `+` as `%2B` if the filter of a query compares an attribute whose values have no space, so that it
 * means a plus there. The query is still encoded and has no question mark. It is returned unchanged if there is no such
 * plus, or if the filter has a backslash, so that its texts have no certain end.
 */
export function keepPlusSigns(query: string): string {
  if (!query.includes("+")) return query;
  const parts = query.split("&");
  return parts
    .map((part) => (part.startsWith("filter=") && !/\\|%5c/i.test(part) ? keepInFilter(part) : part))
    .join("&");
}

function keepInFilter(filter: string): string {
  // Text outside, a quotation mark, text inside, a quotation mark, and so on.
  const pieces = filter.split(/(%22|")/);
  const kept = pieces.map((piece, index) =>
    index % 4 === 2 && isWithoutBlanks(pieces[index - 2] ?? "") ? piece.replaceAll("+", "%2B") : piece,
  );
  return kept.join("");
}

/** Does the part before the text name such an attribute and compare it? */
function isWithoutBlanks(before: string): boolean {
  const end = before
    .slice(-lookBackMax)
    .replaceAll(/\+|%20/g, " ")
    .replaceAll(/%5b/gi, "[");
  const name = /([a-z]+) +[a-z]{2} *$/i.exec(end)?.[1];
  return name !== undefined && namesWithoutBlanks.has(name.toLowerCase());
}
