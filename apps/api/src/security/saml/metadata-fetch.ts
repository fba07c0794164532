import { lookup } from "node:dns";
import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { isLoopbackHost } from "@rollcall/domain";

type Fetched = { readonly found: string } | { readonly problem: string };

const bytesMax = 1_000_000;
const timeoutMs = 10_000;

/**
 * Fetches an identity provider's metadata. Only over https, and never from a private address, so that owners cannot
 * probe the servers' network; if the console itself is on loopback (development), the provider may be there too, over
 * http. Names are judged by the addresses of the actual connection. Redirects are not followed.
 */
export async function fetchMetadata(address: string, publicAppUrl: string): Promise<Fetched> {
  const url = URL.parse(address);
  const isLocal = isLoopbackHost(new URL(publicAppUrl).hostname);
  if (url === null || url.username !== "" || url.password !== "") return { problem: "This is not a valid address." };
  const isPlain = url.protocol === "http:" && isLocal && isLoopbackHost(url.hostname);
  if (url.protocol !== "https:" && !isPlain) return { problem: "The address has to begin with https://." };
  const literal = url.hostname.replaceAll(/^\[|\]$/g, "");
  if (isIP(literal) > 0 && !isOutside(literal, isLocal)) return { problem: privateProblem };
  try {
    return await read(url, isLocal);
  } catch (cause) {
    return { problem: cause instanceof PrivateAddress ? privateProblem : failureOf(cause, url) };
  }
}

/**
 * The reason of a failed fetch, for an owner who may have mistyped the address. Codes of `node:net`, `node:dns` and
 * OpenSSL.
 */
function failureOf(cause: unknown, { host, hostname }: URL): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (cause instanceof Error && ["AbortError", "TimeoutError"].includes(cause.name)) {
    return `${host} did not respond within ${timeoutMs / 1000} seconds. Try again later.`;
  }
  if (code === "ECONNREFUSED") return `${host} refused the connection. Check the address.`;
  if (code === "ENOTFOUND") return `There is no host called ${hostname}. Check the address.`;
  if (code === "ECONNRESET" || code === "EPIPE") return `${host} closed the connection without a response.`;
  if (/CERT|SIGNATURE/.test(code)) return `The certificate of ${host} is not trusted (${code}).`;
  return `${host} could not be read${code === "" ? "" : ` (${code})`}. Check the address.`;
}

const privateProblem = "The address is in a private network, which Rollcall does not access.";

class PrivateAddress extends Error {}
const noHost = Object.assign(new Error("There is no such host."), { code: "ENOTFOUND" });

function read(url: URL, isLocal: boolean): Promise<Fetched> {
  const signal = AbortSignal.timeout(timeoutMs);
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const headers = { accept: "application/samlmetadata+xml, application/xml, text/xml", "user-agent": "Rollcall" };
    const sent = send(url, { agent: false, headers, signal, lookup: lookupOutside(isLocal) }, (response) => {
      bodyOf(response).then(resolve, reject);
    });
    sent.once("error", reject).end();
  });
}

async function bodyOf(response: IncomingMessage): Promise<Fetched> {
  const { statusCode } = response;
  if (statusCode !== 200) {
    response.destroy();
    return { problem: `The address returned ${statusCode ?? "nothing"} instead of the metadata.` };
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stream: AsyncIterable<Buffer> = response;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      response.destroy();
      return { problem: "The metadata is larger than 1 MB." };
    }
    chunks.push(chunk);
  }
  return { found: Buffer.concat(chunks).toString("utf8") };
}

/** Resolves a name as the system does, and fails if any of its addresses is private. */
function lookupOutside(isLocal: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (cause, addresses) => {
      const [first] = addresses ?? [];
      if (cause !== null || first === undefined) callback(cause ?? noHost, "", 0);
      else if (!addresses.every(({ address }) => isOutside(address, isLocal))) callback(new PrivateAddress(), "", 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function isOutside(address: string, isLocal: boolean): boolean {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  return !reserved.check(address, family) && (isLocal || !loopback.check(address, family));
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * Private, shared, link-local, documentation, multicast and translated ranges; an IPv4 address inside an IPv6 one is
 * judged by the IPv4 ranges. Source: the IANA registries, RFC 6890.
 */
const reserved = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  reserved.addSubnet(net, bits, "ipv4");
}
for (const [net, bits] of [
  ["::", 128],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2001::", 23],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  reserved.addSubnet(net, bits, "ipv6");
}
