const pathLengthMax = 1000;

/** What follows must stay on our own host, and must not begin another sign-in. */
const localPath = /^\/(?!\/|sso\/|sign-in|trpc)[^\\\s\p{Cc}]*$/u;

/**
 * Where to lead somebody after signing in: `text` where it is a path of ours, else "/". Browsers read "//x", "/\x" and
 * what follows a line break as other hosts, so that these are no paths of ours.
 */
export function localPathOf(text: unknown): string {
  return typeof text === "string" && text.length <= pathLengthMax && localPath.test(text) ? text : "/";
}
