import { describe, expect, test } from "vitest";
import type { AbsenceFacts, DatedChange, PresentFacts, RefusedRequest } from "./absence-facts.ts";
import { explainAbsence } from "./absence.ts";

const at = new Date("2026-11-24T10:00:00Z");
const later = new Date("2026-11-25T10:00:00Z");
const okta = { kind: "token", name: "Okta" } as const;
const michael = { kind: "person", name: "Michael Scott" } as const;

const told = (kind: DatedChange["kind"], more: Partial<DatedChange> = {}): DatedChange => ({
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
  refusals: { change: null, request: null },
  nearRefusals: { change: null, request: null },
  lookedFor: null,
  alike: [],
};
const refused = (refusal: string, more: Partial<DatedChange> = {}): DatedChange =>
  told("member.created", { subject: { kind: "member", name: "pam@dm.example" }, refusal, ...more });

const by = (change: DatedChange | null, request: RefusedRequest | null = null) => ({ change, request });
const refusedRequest: RefusedRequest = {
  id: "request",
  at: later,
  tokenName: "Okta",
  name: "pam.beesly",
  detail: "It is wrong.",
};

type Expected = readonly [kind: string, text: string, place: string | null | undefined];
const verdict = (more: Partial<AbsenceFacts>): Expected => {
  const { kind, text, next } = explainAbsence({ ...nothing, ...more });
  return [kind, text, next?.place];
};

test.each<[Partial<AbsenceFacts>, Expected]>([
  [{ present: pam }, ["here", "Pam Beesly is an active member", undefined]],
  [{ present: { ...pam, isManaged: false } }, ["here", "Pam Beesly is an active member", "guide"]],
  [
    { present: { ...pam, isManaged: false }, isProvisioningOn: false },
    ["here", "Pam Beesly is an active member", undefined],
  ],
  [
    { present: pam, isProvisioningOn: false, keepsLocks: true },
    ["here", "Pam Beesly is an active member", "provisioning"],
  ],
  [
    { present: pam, isSsoRequired: true },
    ["ssoOnly", "Pam Beesly is an active member and can only sign in with single sign-on", "sso"],
  ],
  [{ present: { ...pam, isOwner: true }, isSsoRequired: true }, ["here", "Pam Beesly is an active member", undefined]],
  [
    { present: { ...pam, isSsoExempt: true }, isSsoRequired: true },
    ["here", "Pam Beesly is an active member", undefined],
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
    ["inactive", "Pam Beesly is an inactive member, without access", "reactivate"],
  ],
  [
    { present: { ...pam, isManaged: false, status: "inactive" } },
    ["inactive", "Pam Beesly is an inactive member, without access", "reactivate"],
  ],
  [
    {
      present: { ...pam, status: "awaiting", entry: told("member.created", { after: { awaitsAcceptance: true } }) },
    },
    [
      "awaits",
      "The identity provider (token “Okta”) added Pam Beesly, who must accept the membership first",
      "domains",
    ],
  ],
  [
    { present: { ...pam, status: "awaiting" }, isDomainVerified: true },
    ["awaits", "Pam Beesly has not accepted the membership yet", "invite"],
  ],
])("somebody who is in the organization: %# %j", (more, expected) => expect(verdict(more)).toEqual(expected));

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
    [{ former: { ...someone, entry: null } }, ["ended", "Pam Beesly is no longer a member", "invite"]],
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
        "The identity provider (token “Okta”) tried to add pam@dm.example, which was refused: pam is not an email address",
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
      ["invitationOver", "The invitation to pam@dm.example expired before it was accepted", "invite"],
    ],
    [
      { invitation: { state: "suspended", at } },
      [
        "invitationOver",
        "The invitation to pam@dm.example is suspended, as its sender is no longer an owner",
        "invite",
      ],
    ],
    [
      { invitation: { state: "revoked", at } },
      ["invitationOver", "The invitation to pam@dm.example was withdrawn", "invite"],
    ],
    [
      { refusals: by(refused("userNameTaken"), refusedRequest) },
      ["refused", "The identity provider (token “Okta”) sent pam.beesly, which was refused: It is wrong", "requests"],
    ],
    [
      { refusals: by(refused("userNameTaken", { at: later }), refusedRequest) },
      ["refused", expect.stringContaining("tried to add pam@dm.example, which was refused"), "requests"],
    ],
    [
      { nearRefusals: by(null, { ...refusedRequest, tokenName: "", detail: "" }) },
      ["refused", "The identity provider sent pam.beesly, which was refused", "requests"],
    ],
    [
      { nearRefusals: by(refused("userNameTaken")), alike: [someone] },
      ["alike", "pam@dm.example is not a member, but Pam Beesly is, as pam@dm.example", "person"],
    ],
    [
      { lookedFor: { at, tokenName: "Okta" }, alike: [someone] },
      [
        "lookedFor",
        "The identity provider (token “Okta”) looked for pam@dm.example, found no member, and has not added them since",
        "requests",
      ],
    ],
    [
      { address: "pam@dm.test", alike: [someone] },
      ["alike", "pam@dm.test is not a member, but Pam Beesly is, as pam@dm.example", "person"],
    ],
    [{}, ["never", "Your identity provider has never sent a request about pam@dm.example", "guide"]],
    [{ isProvisioningOn: false }, ["never", "There is no record of pam@dm.example", "invite"]],
    [
      { address: "pam", domain: null },
      ["never", "“pam” is not an email address, and there is no record of that name", null],
    ],
  ])("%# %j", (more, expected) => expect(verdict(more)).toEqual(expected));
});

test("what a refused request explains links to that request", () => {
  expect(explainAbsence({ ...nothing, refusals: by(null, refusedRequest) }).scimRequestId).toBe("request");
  expect(explainAbsence({ ...nothing, refusals: by(refused("userNameTaken")) }).scimRequestId).toBeNull();
});
