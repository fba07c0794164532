import { isQuirkId, providerQuirks, type ProviderQuirk } from "@rollcall/scim-protocol";

/** A known deviation in words for an owner. `title` is a badge such as "Entra deviation: operations in capitals". */
export type KnownDeviation = {
  readonly id: string;
  readonly title: string;
  readonly clients: readonly string[];
  readonly sends: string;
  readonly tolerance: string;
};

/** The deviations that a request showed; ids no longer in the table are left out. */
export function knownDeviations(quirkIds: readonly string[]): readonly KnownDeviation[] {
  return quirkIds.filter(isQuirkId).map((id) => {
    const quirk: ProviderQuirk = providerQuirks[id];
    const { label, clients, sends, tolerance } = quirk;
    return { id, title: `${whoseIn(clients)} deviation: ${label}`, clients: [...clients], sends, tolerance };
  });
}

/** The only vendor whose clients show it; if there are several, or it is unknown, none is named. */
function whoseIn(clients: ProviderQuirk["clients"]): string {
  const makers = new Set(clients.map((client) => client.split(" ")[0]));
  return makers.size === 1 && !makers.has("Other") ? [...makers].join("") : "Provider";
}
