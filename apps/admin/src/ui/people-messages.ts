/** `Ada and Grace`, or `Ada, Grace and 6 more` if these are the first of a longer list. */
export function formatNames(named: readonly (string | { readonly name: string })[], total = named.length): string {
  const names = named.map((one) => (typeof one === "string" ? one : one.name));
  const more = total - names.length;
  if (more > 0) return `${names.join(", ")} and ${more.toLocaleString("en")} more`;
  const last = names.at(-1) ?? "no one";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
