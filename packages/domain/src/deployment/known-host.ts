/** What decides which Host headers a server answers. */
export type HostSettings = {
  /** The address that the server listens on (`HOST`). */
  readonly listensOn: string;
  readonly publicUrls: readonly string[];
  /** More names, separated by commas (`ALLOWED_HOSTS`). */
  readonly allowed?: string | undefined;
};

/**
 * The host names that a server answers for, in lower case and without ports: a page of another site whose name has been
 * pointed at this machine (DNS rebinding) always sends its own.
 */
export function knownHosts({ listensOn, publicUrls, allowed = "" }: HostSettings): ReadonlySet<string> {
  const names = [listensOn.includes(":") ? `[${listensOn}]` : listensOn, ...allowed.split(",")].map((name) =>
    nameOf(name.trim()),
  );
  const own = isLoopbackHost(listensOn) ? ["localhost"] : [];
  return new Set([...names, ...own, ...publicUrls.map(hostNameOf)].filter((name) => name !== ""));
}

/**
 * Whether to answer a request with this Host header. `localAddress` is where its connection arrived: its own address is
 * known, since no name can be pointed at it. HTTP/1.0 has no such header.
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

/** Is this the name or address of the machine itself, as HOST, in a URL or in a Host header? */
export function isLoopbackHost(name: string): boolean {
  return /^(?:localhost|\[?::1\]?|127(?:\.\d{1,3}){3})$/i.test(name);
}

/** The host name in an http or https URL, in lower case, without the port; empty where there is none. */
export function hostNameOf(url: string): string {
  return nameOf(/^https?:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? "");
}

function nameOf(host: string): string {
  return (/^(\[[\da-f:.]+\]|[^:]*)(?::\d*)?$/i.exec(host)?.[1] ?? "").toLowerCase().replace(/\.$/, "");
}
