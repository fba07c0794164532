/** What holds no blank: addresses, ids and dates. The last part of an attribute's path, in lower case. */
const namesWithoutBlanks: ReadonlySet<string> = new Set([
  "username",
  "emails",
  "value",
  "display",
  "created",
  "lastmodified",
]);
/** Far more than the longest path and an operator take. */
const lookBackMax = 200;

/**
 * Writes a bare `+` as `%2B` where the filter of a query compares what holds no blank, so that it means itself there. The
 * query is still encoded and has no question mark; it comes back as it is where there is no such plus, or where the filter
 * holds a backslash, so that its texts have no certain end.
 */
export function keepPlusSigns(query: string): string {
  if (!query.includes("+")) return query;
  const parts = query.split("&");
  return parts
    .map((part) => (part.startsWith("filter=") && !/\\|%5c/i.test(part) ? keepInFilter(part) : part))
    .join("&");
}

function keepInFilter(filter: string): string {
  // What is outside, a quotation mark, what is inside, a quotation mark, and so on.
  const pieces = filter.split(/(%22|")/);
  const kept = pieces.map((piece, index) =>
    index % 4 === 2 && isWithoutBlanks(pieces[index - 2] ?? "") ? piece.replaceAll("+", "%2B") : piece,
  );
  return kept.join("");
}

/** Does what stands before the text name such an attribute and compare it? */
function isWithoutBlanks(before: string): boolean {
  const end = before
    .slice(-lookBackMax)
    .replaceAll(/\+|%20/g, " ")
    .replaceAll(/%5b/gi, "[");
  const name = /([a-z]+) +[a-z]{2} *$/i.exec(end)?.[1];
  return name !== undefined && namesWithoutBlanks.has(name.toLowerCase());
}
