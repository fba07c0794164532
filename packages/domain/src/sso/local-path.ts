const pathLengthMax = 1000;

/** Browsers read "//x", "/\x" and text after a line break as other hosts, so these are no paths of ours. */
const localText = /^\/(?!\/)[^\\\s\p{Cc}]*$/u;

/** The beginning of another sign-in, whatever its case, or a path that a proxy could turn into one. */
const signInPath = /^\/(?:\/|sso\/|sign-in|trpc|[^/]*%)/i;

/**
 * The path to open after signing in: `text` if it is a path of ours, else "/". It must stay on our own host, and must
 * not begin another sign-in, also not by a way around ("/x/../sso/").
 */
export function localPathOf(text: unknown): string {
  if (typeof text !== "string" || text.length > pathLengthMax || !localText.test(text)) return "/";
  const { pathname } = new URL(text, "http://localhost");
  return signInPath.test(pathname) ? "/" : text;
}
