import type { ChangeKind } from "../change/change.ts";

/** The kinds by which a person's roles end together with their access. */
const losses: readonly ChangeKind[] = ["member.deactivated", "member.deleted", "member.removed", "member.left"];
/** The kinds after which a formerly taken role is no longer offered. */
export const accessEndKinds: readonly ChangeKind[] = [...losses, "member.handed_over"];
/** The kinds by which access is regained. */
const returns: readonly ChangeKind[] = ["member.reactivated", "member.revived"];

/** Every kind that matters for an offer; read a person's entries of these, newest first. */
export const offerKinds = [
  ...losses,
  ...returns,
  "member.role_granted",
  "member.roles_offer_dismissed",
  "member.handed_over",
] as const satisfies readonly ChangeKind[];

/** The fields of a log entry that matter for an offer. */
export type OfferEntry = {
  readonly kind: ChangeKind;
  /** The roles that a loss took, by their source; empty for other kinds. */
  readonly lost: readonly { readonly id: string; readonly source: string }[];
  /** The role that an owner gave; null for other kinds. */
  readonly grantedRoleId: string | null;
};

/**
 * The manually given roles that owners may restore to a person with access again (AR-52), from their log, newest entry
 * first: those that the newest loss of access took, unless an owner has given them since or has dismissed the offer. A
 * deactivation followed by a deletion counts as one loss.
 */
export function offeredRoles(entries: readonly OfferEntry[]): readonly string[] {
  const given = new Set<string>();
  const offered = new Set<string>();
  let hasLost = false;
  for (const { kind, lost, grantedRoleId } of entries) {
    // Earlier losses belong to another person, or an owner has decided on them.
    if (kind === "member.handed_over" || kind === "member.roles_offer_dismissed" || (hasLost && returns.includes(kind)))
      break;
    if (grantedRoleId !== null) given.add(grantedRoleId);
    if (!losses.includes(kind)) continue;
    hasLost = true;
    for (const { id, source } of lost) if (source === "manual" && !given.has(id)) offered.add(id);
  }
  return [...offered];
}
