import { describe, expect, test } from "vitest";
import type { RefusedCall, ToldChange } from "./absence-refusal.ts";
import { explainAbsence, type AbsenceFacts, type PresentFacts } from "./absence.ts";

const at = new Date("2026-11-24T10:00:00Z");
const later = new Date("2026-11-25T10:00:00Z");
const okta = { kind: "token", name: "Okta" } as const;
const michael = { kind: "person", name: "Michael Scott" } as const;

const told = (kind: ToldChange["kind"], more: Partial<ToldChange> = {}): ToldChange => ({
  kind,
  at,
  actor: okta,
  subject: { kind: "member", name: "Pam Beesly" },
  before: null,
  after: null,
  refusal: null,
  ...more,
});
const someone = { id: "p", name: "Pam Beesly", userName: "pam@dm.example" };
const pam: PresentFacts = {
  ...someone,
  status: "active",
  isManaged: true,
  isOwner: false,
  isSsoExempt: false,
  entry: null,
};
const nothing: AbsenceFacts = {
  address: "pam@dm.example",
  domain: "dm.example",
  isDomainVerified: false,
  isProvisioningOn: true,
  keepsLocks: false,
  isSsoRequired: false,
  present: null,
  former: null,
  invitation: null,
  refusals: { change: null, call: null },
  nearRefusals: { change: null, call: null },
  lookedFor: null,
  alike: [],
};
const refused = (refusal: string, more: Partial<ToldChange> = {}): ToldChange =>
  told("member.created", { subject: { kind: "member", name: "pam@dm.example" }, refusal, ...more });

const by = (change: ToldChange | null, call: RefusedCall | null = null) => ({ change, call });
const refusedCall: RefusedCall = {
  id: "call",
  at: later,
  tokenName: "Okta",
  name: "pam.beesly",
  detail: "It is wrong.",
};

type Expected = readonly [kind: string, words: string, place: string | null | undefined];
const verdict = (more: Partial<AbsenceFacts>): Expected => {
  const { kind, words, next } = explainAbsence({ ...nothing, ...more });
  return [kind, words, next?.place];
};

// Guards "why not here": one plain answer for everything that can be known, and where to go from it.
describe("somebody who is in the organization", () => {
  test.each<[Partial<AbsenceFacts>, Expected]>([
    [{ present: pam }, ["here", "Pam Beesly is here and active", undefined]],
    [{ present: { ...pam, isManaged: false } }, ["here", "Pam Beesly is here and active", "guide"]],
    [
      { present: { ...pam, isManaged: false }, isProvisioningOn: false },
      ["here", "Pam Beesly is here and active", undefined],
    ],
    [
      { present: pam, isProvisioningOn: false, keepsLocks: true },
      ["here", "Pam Beesly is here and active", "provisioning"],
    ],
    [
      { present: pam, isSsoRequired: true },
      ["ssoOnly", "Pam Beesly is here, and gets in by single sign-on only", "sso"],
    ],
    [{ present: { ...pam, isOwner: true }, isSsoRequired: true }, ["here", "Pam Beesly is here and active", undefined]],
    [
      { present: { ...pam, isSsoExempt: true }, isSsoRequired: true },
      ["here", "Pam Beesly is here and active", undefined],
    ],
    [
      { present: { ...pam, status: "inactive", entry: told("member.deactivated") } },
      ["inactive", "The identity provider (token “Okta”) deactivated Pam Beesly", "guide"],
    ],
    [
      { present: { ...pam, status: "inactive", entry: told("member.created") } },
      ["inactive", "The identity provider (token “Okta”) added Pam Beesly, without access", "guide"],
    ],
    [
      { present: { ...pam, status: "inactive" }, isProvisioningOn: false },
      ["inactive", "Pam Beesly is inactive: they are listed here, without access", "reactivate"],
    ],
    [
      { present: { ...pam, isManaged: false, status: "inactive" } },
      ["inactive", "Pam Beesly is inactive: they are listed here, without access", "reactivate"],
    ],
    [
      {
        present: { ...pam, status: "awaiting", entry: told("member.created", { after: { awaitsAcceptance: true } }) },
      },
      ["awaits", "The identity provider (token “Okta”) added Pam Beesly, who has to accept first", "domains"],
    ],
    [
      { present: { ...pam, status: "awaiting" }, isDomainVerified: true },
      ["awaits", "Pam Beesly has not accepted the membership yet", "invite"],
    ],
  ])("%# %j", (more, expected) => expect(verdict(more)).toEqual(expected));
});

describe("somebody who is not", () => {
  const former = { ...someone, entry: told("member.deleted") };
  test.each<[Partial<AbsenceFacts>, Expected]>([
    [{ former }, ["ended", "The identity provider (token “Okta”) removed Pam Beesly", "guide"]],
    [
      { former, isProvisioningOn: false },
      ["ended", "The identity provider (token “Okta”) removed Pam Beesly", "invite"],
    ],
    [
      { former: { ...someone, entry: told("member.removed", { actor: michael }) } },
      ["ended", "Michael Scott removed Pam Beesly", "invite"],
    ],
    [
      { former: { ...someone, entry: told("member.left", { actor: { kind: "person", name: "Pam Beesly" } }) } },
      ["ended", "Pam Beesly left the organization", "invite"],
    ],
    [{ former: { ...someone, entry: null } }, ["ended", "Pam Beesly was a member, and is no longer", "invite"]],
    [
      { refusals: by(refused("userNameTaken", { after: { userName: "pam@dm.example" } })) },
      [
        "refused",
        "The identity provider (token “Okta”) tried to add pam@dm.example, which was refused: pam@dm.example is in use already",
        "requests",
      ],
    ],
    [
      { refusals: by(refused("userNameNotEmail", { after: { userName: "pam" } })) },
      [
        "refused",
        "The identity provider (token “Okta”) tried to add pam@dm.example, which was refused: pam is not an e-mail address",
        "guide",
      ],
    ],
    [
      { refusals: by(refused("domainNotVerified", { after: { domain: "dm.example" } })) },
      [
        "refused",
        "The identity provider (token “Okta”) tried to add pam@dm.example, which was refused: the organization has not verified dm.example",
        "domains",
      ],
    ],
    [{ former, refusals: by(refused("userNameTaken", { at: later })) }, ["refused", expect.anything(), "requests"]],
    [
      { former: { ...someone, entry: told("member.deleted", { at: later }) }, refusals: by(refused("userNameTaken")) },
      ["ended", "The identity provider (token “Okta”) removed Pam Beesly", "guide"],
    ],
    [
      { invitation: { state: "open", at }, former },
      ["invited", "pam@dm.example is invited and has not accepted yet", "invite"],
    ],
    [
      { invitation: { state: "expired", at } },
      ["invitationOver", "The invitation of pam@dm.example ran out before it was accepted", "invite"],
    ],
    [
      { invitation: { state: "revoked", at } },
      ["invitationOver", "The invitation of pam@dm.example was withdrawn", "invite"],
    ],
    [
      { refusals: by(refused("userNameTaken"), refusedCall) },
      ["refused", "The identity provider (token “Okta”) sent pam.beesly, which was refused: It is wrong", "requests"],
    ],
    [
      { refusals: by(refused("userNameTaken", { at: later }), refusedCall) },
      ["refused", expect.stringContaining("tried to add pam@dm.example, which was refused"), "requests"],
    ],
    [
      { nearRefusals: by(null, { ...refusedCall, tokenName: "", detail: "" }) },
      ["refused", "The identity provider sent pam.beesly, which was refused", "requests"],
    ],
    [
      { nearRefusals: by(refused("userNameTaken")), alike: [someone] },
      ["alike", "Nobody is here as pam@dm.example, but Pam Beesly is here as pam@dm.example", "person"],
    ],
    [
      { lookedFor: { at, tokenName: "Okta" }, alike: [someone] },
      [
        "lookedFor",
        "The identity provider (token “Okta”) looked for pam@dm.example, found nobody, and has not added them since",
        "requests",
      ],
    ],
    [
      { address: "pam@dm.test", alike: [someone] },
      ["alike", "Nobody is here as pam@dm.test, but Pam Beesly is here as pam@dm.example", "person"],
    ],
    [{}, ["never", "Your identity provider has never asked for pam@dm.example", "guide"]],
    [{ isProvisioningOn: false }, ["never", "pam@dm.example was never seen here", "invite"]],
    [
      { address: "pam", domain: null },
      ["never", "“pam” is no e-mail address, and nobody was ever seen by that name", null],
    ],
  ])("%# %j", (more, expected) => expect(verdict(more)).toEqual(expected));
});

test("what is told from a refused call leads to that call", () => {
  expect(explainAbsence({ ...nothing, refusals: by(null, refusedCall) }).callId).toBe("call");
  expect(explainAbsence({ ...nothing, refusals: by(refused("userNameTaken")) }).callId).toBeNull();
});
