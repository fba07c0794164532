const pathLengthMax = 1000;

/**
 * Browsers read "//x", "/\x" and text after a line break as other hosts. The path must not begin another sign-in either,
 * whatever its case, nor with an escape that a proxy could decode to one.
 */
const localPath = /^\/(?!\/|sso\/|sign-in|trpc|[^/?#]*%)[^\\\s\p{Cc}]*$/iu;

/** A way around, such as "/x/../sso/". */
const dotSegment = /^[^?#]*\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;

/** The path to open after signing in: `text` if it is a path of ours, else "/". */
export function localPathOf(text: unknown): string {
  if (typeof text !== "string" || text.length > pathLengthMax) return "/";
  return localPath.test(text) && !dotSegment.test(text) ? text : "/";
}
