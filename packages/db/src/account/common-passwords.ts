/** Made at the first use: most processes never judge a password. */
let loading: Promise<ReadonlySet<string>> | undefined;

/** Some 49,000 passwords that leaks have shown to be common, in lower case. Source: zxcvbn-ts, from SecLists and others. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loading ??= import("@zxcvbn-ts/language-common").then(({ dictionary }) => new Set(dictionary["passwords-common"]));
  return loading;
}
