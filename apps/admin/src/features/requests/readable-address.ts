/** The address as people read it: what was percent-encoded decoded, where that can be done. */
export function readableAddress(address: string): string {
  const at = address.indexOf("?");
  if (at < 0) return decoded(address);
  return `${decoded(address.slice(0, at))}?${decoded(address.slice(at + 1).replaceAll("+", " "))}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
