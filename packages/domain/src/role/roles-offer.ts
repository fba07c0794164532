import type { ChangeKind } from "../change/change.ts";

/** The kinds by which somebody's roles go with their access. */
const losses: readonly ChangeKind[] = ["member.deactivated", "member.deleted", "member.removed", "member.left"];
/** The kinds after which a role that was taken before is not the person's any more, unless owners give it anew. */
export const accessEndKinds: readonly ChangeKind[] = [...losses, "member.handed_over"];
/** The kinds by which they come back. */
const returns: readonly ChangeKind[] = ["member.reactivated", "member.revived"];

/** Every kind that decides about an offer; read a person's entries of these, newest first. */
export const offerKinds = [
  ...losses,
  ...returns,
  "member.role_granted",
  "member.roles_offer_dismissed",
  "member.handed_over",
] as const satisfies readonly ChangeKind[];

/** An entry of a person's log, as far as an offer follows from it. */
export type OfferEntry = {
  readonly kind: ChangeKind;
  /** The roles that a loss took, by their source; empty for other kinds. */
  readonly lost: readonly { readonly id: string; readonly source: string }[];
  /** The role that was given by hand; null for other kinds. */
  readonly grantedRoleId: string | null;
};

/**
 * The hand-given roles that owners may restore for somebody who is back (AR-52), read from their log, newest entry first:
 * those that the newest loss of access took, unless an owner has given them since or has dismissed the offer. Whoever
 * was deactivated and then deleted has lost their roles once, so both count as that loss.
 */
export function offeredRoles(entries: readonly OfferEntry[]): readonly string[] {
  const given = new Set<string>();
  const offered = new Set<string>();
  let hasLost = false;
  for (const { kind, lost, grantedRoleId } of entries) {
    // What was lost before belongs to another person, or an owner has decided on it.
    if (kind === "member.handed_over" || kind === "member.roles_offer_dismissed" || (hasLost && returns.includes(kind)))
      break;
    if (grantedRoleId !== null) given.add(grantedRoleId);
    if (!losses.includes(kind)) continue;
    hasLost = true;
    for (const { id, source } of lost) if (source === "manual" && !given.has(id)) offered.add(id);
  }
  return [...offered];
}
