/** The settings that determine which Host headers a server accepts. */
export type HostSettings = {
  /** The address that the server listens on (`HOST`). */
  readonly listensOn: string;
  readonly publicUrls: readonly string[];
  /** More names, separated by commas (`ALLOWED_HOSTS`). */
  readonly allowed?: string | undefined;
};

/**
 * The host names that a server accepts, in lower case and without ports. Requests of a page of another site whose name
 * resolves to this machine (DNS rebinding) always carry that site's name.
 */
export function knownHosts({ listensOn, publicUrls, allowed = "" }: HostSettings): ReadonlySet<string> {
  const names = [listensOn.includes(":") ? `[${listensOn}]` : listensOn, ...allowed.split(",")].map((name) =>
    nameOf(name.trim()),
  );
  const own = isLoopbackHost(listensOn) ? ["localhost"] : [];
  return new Set([...names, ...own, ...publicUrls.map(hostNameOf)].filter((name) => name !== ""));
}

/**
 * Is this Host header accepted? `localAddress` is the local end of the connection; it is always accepted, since no name
 * resolves to another machine through it. HTTP/1.0 has no such header.
 */
export function isKnownHost(
  known: ReadonlySet<string>,
  header: string | undefined,
  localAddress: string | undefined,
): boolean {
  if (header === undefined) return true;
  const name = nameOf(header);
  if (known.has(name)) return true;
  const address = localAddress?.replace(/^::ffff:(?=\d+\.)/, "") ?? "";
  return name !== "" && name === (address.includes(":") ? `[${address}]` : address);
}

/** Is this a loopback name or address, as in HOST, a URL or a Host header? */
export function isLoopbackHost(name: string): boolean {
  return /^(?:localhost|\[?::1\]?|127(?:\.\d{1,3}){3})$/i.test(name);
}

/** The host name in an http or https URL, in lower case, without the port; empty if there is none. */
export function hostNameOf(url: string): string {
  return nameOf(/^https?:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? "");
}

function nameOf(host: string): string {
  return (/^(\[[\da-f:.]+\]|[^:]*)(?::\d*)?$/i.exec(host)?.[1] ?? "").toLowerCase().replace(/\.$/, "");
}
