import { Resolver } from "node:dns/promises";
import { proofLabel, type DnsFinding } from "@rollcall/domain";

/** Looks up the TXT records that may verify a domain. Never throws: a failed look-up is a result too. */
export type TxtLookup = (domain: string) => Promise<DnsFinding>;

const timeoutDefaultMs = 5000;
const tries = 2;
const valuesMax = 100;
/** The name or the record does not exist: a definite result. Any other error (SERVFAIL, a timeout) is not. */
const definiteCodes: readonly string[] = ["ENOTFOUND", "ENODATA"];

const silences: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ESERVFAIL: "the name server reported a failure",
    EREFUSED: "the name server refused the query",
    ETIMEOUT: "no name server responded in time",
    ECONNREFUSED: "the name server refused the connection",
  }),
);

/**
 * `servers`: addresses with an optional port, as `node:dns` takes them; undefined: those of the system. Each name is
 * queried at most twice, the first time for `timeoutMs` milliseconds.
 */
export function txtLookup(servers: readonly string[] | undefined, timeoutMs = timeoutDefaultMs): TxtLookup {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers !== undefined) resolver.setServers(servers);
  return async (domain) => {
    const found = await Promise.all([valuesAt(resolver, `${proofLabel}.${domain}`), valuesAt(resolver, domain)]);
    const silent = found.find(({ silence }) => silence !== null);
    return { values: found.flatMap(({ values }) => values), silence: silent?.silence ?? null };
  };
}

async function valuesAt(resolver: Resolver, name: string): Promise<DnsFinding> {
  try {
    const records = await resolver.resolveTxt(name);
    return { values: records.slice(0, valuesMax).map((parts) => parts.join("")), silence: null };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    return { values: [], silence: definiteCodes.includes(code) ? null : (silences.get(code) ?? code) };
  }
}
