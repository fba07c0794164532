/** The path with percent-encoding decoded; unchanged if it is invalid. */
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
