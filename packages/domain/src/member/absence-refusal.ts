import type { DescribedChange } from "../change/change.ts";

/** An entry of the log that explains something, and when it was. */
export type ToldChange = DescribedChange & { readonly at: Date };

/** A call that named the person and was refused before any rule decided. `name`: the first that it gave them. */
export type RefusedCall = {
  readonly id: string;
  readonly at: Date;
  readonly tokenName: string;
  readonly name: string;
  /** What it was answered, "" where that is not known. */
  readonly detail: string;
};

/** What was refused, by a rule (in the log) or before; the newest where there are several. */
export type RefusalsOf = { readonly change: ToldChange | null; readonly call: RefusedCall | null };

/** A call is noted a moment after the entry that it wrote. */
const notedWithinMs = 120_000;

type Newest = { readonly at: Date } & ({ readonly change: ToldChange } | { readonly call: RefusedCall });

/** The newest of them; the entry of a rule tells more than the call that it refused. */
export function newestRefusal({ change, call }: RefusalsOf): Newest | undefined {
  const isCallNewer = call !== null && call.at.getTime() - (change?.at.getTime() ?? 0) > notedWithinMs;
  if (isCallNewer) return { call, at: call.at };
  return change === null ? undefined : { change, at: change.at };
}

/** What was refused, and what the provider was answered. */
export function refusedCallWords({ tokenName, name, detail }: RefusedCall): string {
  const answer = detail === "" ? "" : `: ${detail.replace(/\.$/, "")}`;
  return `${providerWords(tokenName)} sent ${name}, which was refused${answer}`;
}

/** The provider as the sender of a call, by its token where that is known. */
export function providerWords(tokenName: string): string {
  return tokenName === "" ? "The identity provider" : `The identity provider (token “${tokenName}”)`;
}

/** What the owner can do about a rule that refused to add somebody. */
export function refusalStep(
  rule: string,
  domain: string | null,
): { readonly words: string; readonly place: "domains" | "provisioning" | "guide" | "requests" } {
  switch (rule) {
    case "domainNotVerified":
      return { words: `Verify ${domain ?? "the domain"}`, place: "domains" };
    case "guardTripped":
      return { words: "Decide what mass-removal protection holds", place: "provisioning" };
    case "provisioningOff":
      return { words: "Turn provisioning on", place: "provisioning" };
    case "userNameNotEmail":
      return { words: "Have your identity provider send the e-mail address as the userName", place: "guide" };
    default:
      return { words: "Ask the administrator of your identity provider, and look at what it sent", place: "requests" };
  }
}
