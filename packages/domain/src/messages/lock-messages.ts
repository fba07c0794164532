import type { Contact, LockHolder, LockReason, MemberLocked } from "../rule-error.ts";

/** One sentence for each reason of a lock, with the organizations that hold it. */
export function lockReasonMessage(holders: readonly LockHolder[]): string {
  return reasons
    .flatMap(([reason, sentence]) => {
      const names = holders.filter((holder) => holder.reason === reason).map(({ name }) => name);
      return names.length === 0 ? [] : [sentence(and.format(names))];
    })
    .join(" ");
}

/** What a locked person can do: ask an owner, each with an address, or, as an owner, exempt themselves. */
export function lockAdvice({ holders, owners }: Pick<MemberLocked, "holders" | "owners">): string {
  const own = holders.filter(({ isOwner }) => isOwner).map(({ name }) => name);
  if (own.length === 0) return askOwners(owners);
  const exempt = `As an owner of ${and.format(own)}, you can exempt yourself under Provisioning`;
  return owners.length === 0 ? `${exempt}.` : `${exempt}, or ask another owner: ${contactsOf(owners)}.`;
}

/** Names the owners to ask, with the address of each one that is known. */
export function askOwners(owners: readonly Contact[]): string {
  return owners.length === 0 ? "Ask an owner." : `Ask an owner: ${contactsOf(owners)}.`;
}

function contactsOf(owners: readonly Contact[]): string {
  return or.format(owners.map(({ name, email }) => `${name} (${email})`));
}

const and = new Intl.ListFormat("en", { type: "conjunction" });
const or = new Intl.ListFormat("en", { type: "disjunction" });

const reasons: readonly (readonly [LockReason, (organizations: string) => string])[] = [
  ["managed", (names) => `The identity provider of ${names} manages your membership, so this is changed there.`],
  ["everybody", (names) => `${names} locks this for every member while provisioning is on.`],
  ["kept", (names) => `The owners of ${names} kept your membership locked when they turned provisioning off.`],
];
