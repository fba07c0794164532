import { isQuirkId, providerQuirks, type ProviderQuirk } from "@rollcall/scim-protocol";

/** A provider's habit in words for an owner. `title` is a badge such as "Entra habit: operations in capitals". */
export type ProviderHabit = {
  readonly id: string;
  readonly title: string;
  readonly clients: readonly string[];
  readonly sends: string;
  readonly tolerance: string;
};

/** The words for what a request showed; an id that the table no longer has is left out. */
export function providerHabits(quirkIds: readonly string[]): readonly ProviderHabit[] {
  return quirkIds.filter(isQuirkId).map((id) => {
    const quirk: ProviderQuirk = providerQuirks[id];
    const { label, clients, sends, tolerance } = quirk;
    return { id, title: `${whoseIn(clients)} habit: ${label}`, clients: [...clients], sends, tolerance };
  });
}

/** The one maker whose clients are known for it; of several makers, or an unknown one, none is named. */
function whoseIn(clients: ProviderQuirk["clients"]): string {
  const makers = new Set(clients.map((client) => client.split(" ")[0]));
  return makers.size === 1 && !makers.has("Other") ? [...makers].join("") : "Provider";
}
