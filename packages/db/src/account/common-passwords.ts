/** Loaded on first use: most processes never check a password. */
let loading: Promise<ReadonlySet<string>> | undefined;

/** Some 49,000 common leaked passwords in lower case. Source: zxcvbn-ts, from SecLists and others. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loading ??= import("@zxcvbn-ts/language-common").then(({ dictionary }) => new Set(dictionary["passwords-common"]));
  return loading;
}
