import { expect, test } from "vitest";
import type { ChangeKind } from "../change/change.ts";
import { offeredRoles, type OfferEntry } from "./roles-offer.ts";

const entry = (kind: ChangeKind, part: Partial<OfferEntry> = {}): OfferEntry => ({
  kind,
  lost: [],
  grantedRoleId: null,
  ...part,
});
const back = entry("member.reactivated");
const lostBoth = entry("member.deactivated", {
  lost: [
    { id: "hand", source: "manual" },
    { id: "default", source: "default" },
    { id: "group", source: "group" },
  ],
});
const given = (id: string): OfferEntry => entry("member.role_granted", { grantedRoleId: id });

test.each<[string, readonly OfferEntry[], readonly string[]]>([
  ["nothing to somebody who never left", [given("hand")], []],
  ["what was given by hand, and nothing else", [back, lostBoth], ["hand"]],
  ["also after a deletion that followed", [entry("member.revived"), entry("member.deleted"), lostBoth], ["hand"]],
  ["not what was given again", [given("hand"), back, lostBoth], []],
  ["what was given only before", [back, lostBoth, given("hand")], ["hand"]],
  ["nothing after a dismissal", [entry("member.roles_offer_dismissed"), back, lostBoth], []],
  [
    "what was lost after a dismissal",
    [back, lostBoth, entry("member.roles_offer_dismissed"), back, lostBoth],
    ["hand"],
  ],
  ["nothing of the former person", [back, entry("member.handed_over"), lostBoth], []],
  ["nothing of an earlier loss", [back, entry("member.deactivated"), back, lostBoth], []],
  ["what an owner's removal took", [entry("member.revived"), { ...lostBoth, kind: "member.removed" }], ["hand"]],
])("AR-52 offered for restoring: %s", (_, entries, expected) => expect(offeredRoles(entries)).toEqual(expected));
