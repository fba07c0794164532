const pathLengthMax = 1000;

/** A path after signing in must stay on our own host, and must not begin another sign-in. */
const localPath = /^\/(?!\/|sso\/|sign-in|trpc)[^\\\s\p{Cc}]*$/u;

/**
 * The path to open after signing in: `text` if it is a path of ours, else "/". Browsers read "//x", "/\x" and text
 * after a line break as other hosts, so these are no paths of ours.
 */
export function localPathOf(text: unknown): string {
  return typeof text === "string" && text.length <= pathLengthMax && localPath.test(text) ? text : "/";
}
