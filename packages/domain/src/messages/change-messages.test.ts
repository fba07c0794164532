import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { actorKinds, changeKinds, subjectKinds, type ChangeKind, type DescribedChange } from "../change/change.ts";
import { describeChange } from "./change-messages.ts";
import { withFullStop } from "./sentence.ts";

const okta = { kind: "token", name: "Okta production" } as const;
const michael = { kind: "person", name: "Michael Scott" } as const;
const pam = { kind: "member", name: "Pam Beesly" } as const;
const sales = { kind: "role", name: "Sales" } as const;
const settings = { kind: "provisioning", name: "Provisioning" } as const;
const guest = { kind: "invitation", name: "pam@dm.example" } as const;
const sso = { kind: "sso", name: "" } as const;
const token = { kind: "token", name: "Okta" } as const;

/** The subject of a kind by the part before its dot; of all others it is Pam. */
const subjects: Readonly<Record<string, DescribedChange["subject"]>> = {
  provisioning: settings,
  setup: settings,
  invitation: guest,
  token,
  role: sales,
};

type Row = [kind: ChangeKind, more: Partial<DescribedChange>, sentence: string];

function entry(kind: ChangeKind, more: Partial<DescribedChange>): DescribedChange {
  const subject = subjects[kind.split(".")[0] ?? ""] ?? pam;
  return { kind, actor: michael, subject, before: null, after: null, refusal: null, ...more };
}

describe("what was done", () => {
  test.each<Row>([
    ["provisioning.enabled", {}, "turned on provisioning"],
    ["provisioning.disabled", { after: { membersReleased: 12 } }, "turned off provisioning and unlocked 12 people"],
    ["setup.provider_chosen", { after: { provider: "okta" } }, "chose Okta in the setup of provisioning"],
    [
      "setup.provider_chosen",
      { after: { provider: "other" } },
      "chose another identity provider in the setup of provisioning",
    ],
    ["setup.restarted", {}, "started the setup of provisioning again"],
    ["setup.finished", {}, "finished the setup of provisioning"],
    ["provisioning.disabled", { after: { membersLocked: 1 } }, "turned off provisioning and kept 1 person locked"],
    [
      "provisioning.disabled",
      { after: { membersRemoved: 11, membersReleased: 1 } },
      "turned off provisioning and removed 11 people and unlocked 1 person",
    ],
    ["provisioning.people_released", { after: { membersReleased: 3 } }, "unlocked 3 people"],
    ["provisioning.people_done", { after: { membersRemoved: 950 } }, "finished removing 950 people"],
    ["provisioning.people_done", { after: { membersReleased: 3 } }, "finished unlocking 3 people"],
    ["provisioning.people_done", { after: { membersLocked: 1 } }, "finished clearing the external ids of 1 person"],
    ["provisioning.default_role_changed", { after: { role: "Members" } }, "changed the default role to Members"],
    ["provisioning.guard_changed", { after: { isGuardOn: false } }, "turned off mass-removal protection"],
    ["provisioning.guard_released", { after: { minutes: 60 } }, "allowed all removals for 60 minutes"],
    ["provisioning.guard_release_ended", {}, "stopped allowing all removals"],
    [
      "provisioning.guard_changed",
      { after: { isGuardOn: false, held: 15 } },
      "turned off mass-removal protection with 15 removals on hold",
    ],
    [
      "provisioning.guard_changed",
      { after: { isGuardOn: false, held: 1 } },
      "turned off mass-removal protection with 1 removal on hold",
    ],
    ["provisioning.guard_latched", {}, "put removals by the identity provider on hold"],
    [
      "provisioning.guard_approved",
      { after: { count: 1, names: ["Pam Beesly"] } },
      "approved 1 held removal (Pam Beesly)",
    ],
    [
      "provisioning.guard_rejected",
      { after: { count: 15, names: ["Ann", "Bob", "Cy", "Di"] } },
      "rejected 15 held removals (Ann, Bob, Cy and 12 more)",
    ],
    [
      "provisioning.guard_decision_ended",
      { after: { count: 2, names: ["Ann", "Bob"] } },
      "withdrew a decision about 2 held removals (Ann, Bob)",
    ],
    ["provisioning.guard_resumed", {}, "ended the hold on new removals"],
    [
      "provisioning.removal_changed",
      { after: { onlyDirectoryRemoves: true } },
      "limited the removal of managed members to the identity provider",
    ],
    ["invitation.sent", {}, "invited pam@dm.example"],
    ["invitation.resent", {}, "sent the invitation to pam@dm.example again"],
    ["invitation.revoked", {}, "withdrew the invitation to pam@dm.example"],
    ["member.removed", {}, "removed Pam Beesly"],
    ["member.roles_offer_dismissed", {}, "decided not to restore the former roles of Pam Beesly"],
    ["role.permissions_changed", {}, "changed what the role Sales allows"],
    ["token.issued", {}, "generated the token “Okta”"],
    ["token.revoked", {}, "revoked the token “Okta”"],
    ["token.rotated", {}, "rotated the token “Okta”"],
    ["sso.configured", { subject: sso }, "set up single sign-on"],
    ["sso.removed", { subject: sso }, "removed single sign-on"],
    ["sso.tested", { subject: sso }, "tested single sign-on"],
    ["sso.requirement_changed", { subject: sso, after: { isRequired: true } }, "required single sign-on"],
    ["sso.requirement_changed", { subject: sso, after: { isRequired: false } }, "made single sign-on optional"],
    [
      "provisioning.removal_changed",
      { after: { onlyDirectoryRemoves: false } },
      "let owners remove managed members too",
    ],
    ["sso.exempted", {}, "let Pam Beesly sign in with a password"],
    ["sso.exemption_ended", {}, "ended the exemption of Pam Beesly from single sign-on"],
    ["domain.verified", { subject: { kind: "domain", name: "dm.example" } }, "verified the domain dm.example"],
    [
      "member.email_changed",
      { before: { userName: "a@dm.example" }, after: { userName: "b@dm.example" } },
      "changed the email address of Pam Beesly from a@dm.example to b@dm.example",
    ],
    ["member.reactivated", {}, "reactivated Pam Beesly"],
    ["member.deleted", {}, "removed Pam Beesly"],
    ["member.revived", {}, "brought back Pam Beesly"],
    ["member.handed_over", {}, "gave the membership of Pam Beesly to another person"],
    ["member.role_granted", { after: { role: "Sales" } }, "gave Pam Beesly the role Sales"],
    [
      "member.role_granted",
      { after: { role: "Reps", source: "mapping", group: "Sales" } },
      "gave Pam Beesly the role Reps, by the mapping of the group Sales",
    ],
    [
      "member.role_revoked",
      { before: { role: "Reps", source: "mapping" } },
      "took the role Reps from Pam Beesly, by a mapping",
    ],
    ["member.role_revoked", { before: { role: "Sales" } }, "took the role Sales from Pam Beesly"],
    ["role.created", {}, "created the role Sales"],
    ["role.renamed", { before: { name: "Verkauf" } }, "renamed the role Sales, which was called Verkauf"],
    ["role.updated", {}, "changed the role Sales"],
    ["role.deleted", {}, "deleted the role Sales"],
    ["role.mapped", { after: { role: "Reps" } }, "mapped the group Sales to the role Reps"],
    ["role.unmapped", { before: { role: "Reps" } }, "ended the mapping of the group Sales to the role Reps"],
    ["role.mappings_ordered", { subject: { kind: "role", name: "" } }, "changed the order of the mappings"],
    ["role.linked", {}, "linked the role Sales to the directory"],
    ["role.unlinked", {}, "took the role Sales back from the directory"],
  ])("by an owner: %s %#", (kind, more, rest) => {
    expect(describeChange(entry(kind, more))).toBe(`Michael Scott ${rest}`);
  });

  test.each<Row>([
    ["invitation.closed", {}, "closed the invitation to pam@dm.example"],
    ["member.created", {}, "added Pam Beesly"],
    ["member.created", { after: { awaitsAcceptance: true } }, "added Pam Beesly, who must accept the membership first"],
    ["member.linked", {}, "linked Pam Beesly to the directory"],
    ["member.updated", { after: { givenName: "Pam", name: "Pam B" } }, "changed Pam Beesly (given name, name)"],
    ["member.deactivated", {}, "deactivated Pam Beesly"],
    [
      "member.handed_over",
      { after: { awaitsAcceptance: true } },
      "gave the membership of Pam Beesly to another person, who must accept the membership first",
    ],
  ])("by the directory: %s %#", (kind, more, rest) => {
    expect(describeChange(entry(kind, { actor: okta, ...more }))).toBe(
      `The identity provider (token “Okta production”) ${rest}`,
    );
  });

  test.each<Row>([
    [
      "organization.created",
      { actor: { kind: "operator", name: "operator" }, subject: { kind: "organization", name: "Acme" } },
      "The operator of Rollcall created the organization Acme",
    ],
    [
      "invitation.accepted",
      { actor: { kind: "person", name: "Pam Beesly" } },
      "Pam Beesly accepted the invitation to pam@dm.example",
    ],
    ["member.accepted", { actor: { kind: "person", name: "Pam Beesly" } }, "Pam Beesly accepted the membership"],
    [
      "member.address_lost",
      { actor: { kind: "system", name: "" } },
      "Rollcall removed the email address of Pam Beesly because another person now has it; a new one is needed",
    ],
  ])("%s %#", (kind, more, sentence) => {
    expect(describeChange(entry(kind, more))).toBe(sentence);
  });
});

describe("what people did to themselves", () => {
  test.each<Row>([
    ["member.created", {}, "Pam Beesly joined the organization"],
    ["member.revived", {}, "Pam Beesly joined the organization again"],
    ["member.updated", { after: { name: "Pam" } }, "Pam Beesly changed themselves (name)"],
    [
      "member.email_changed",
      { after: { userName: "p@dm.example" } },
      "Pam Beesly changed their email address to p@dm.example",
    ],
    ["member.deactivated", {}, "Pam Beesly deactivated themselves"],
    ["member.role_granted", { after: { role: "Sales" } }, "Pam Beesly gave themselves the role Sales"],
    ["member.role_revoked", { before: { role: "Sales" } }, "Pam Beesly took the role Sales from themselves"],
    ["member.password_changed", {}, "Pam Beesly changed their password"],
    ["member.two_factor_on", {}, "Pam Beesly turned on two-factor sign-in"],
    ["member.sessions_ended", {}, "Pam Beesly signed out their other browsers"],
    ["member.lock_exempted", {}, "Pam Beesly exempted themselves from the locks"],
    ["sso.exemption_ended", {}, "Pam Beesly ended their exemption from single sign-on"],
    ["member.left", {}, "Pam Beesly left the organization"],
    [
      "member.removed",
      { refusal: "selfRemoval" },
      "Pam Beesly tried to remove themselves, which was refused: you cannot remove yourself",
    ],
  ])("%s %#", (kind, more, sentence) => {
    const actor = { kind: "person", name: "Pam Beesly" } as const;
    expect(describeChange(entry(kind, { actor, isSelf: true, ...more }))).toBe(sentence);
  });

  test("a person who joined is named once even where another person has the membership by now", () => {
    const actor = { kind: "person", name: "Pam Halpert" } as const;
    expect(describeChange(entry("member.created", { actor, subject: { kind: "member", name: "Pam Halpert" } }))).toBe(
      "Pam Halpert joined the organization",
    );
  });

  test("two people of one name are told apart from one person", () => {
    const actor = { kind: "person", name: "Pam Beesly" } as const;
    expect(describeChange(entry("member.deactivated", { actor }))).toBe("Pam Beesly deactivated Pam Beesly");
  });
});

test.each<Row>([
  [
    "member.email_changed",
    { actor: okta, refusal: "domainNotVerified", after: { domain: "rival.example" } },
    "The identity provider (token “Okta production”) tried to change the email address of Pam Beesly, which was refused: the organization has not verified rival.example",
  ],
  [
    "member.deactivated",
    { actor: okta, refusal: "guardTripped", after: { count: 6, limit: 5 } },
    "The identity provider (token “Okta production”) tried to deactivate Pam Beesly, which was refused: mass-removal protection holds it, as more than 5 people would lose access or a role within 15 minutes",
  ],
  [
    "token.issued",
    { refusal: "tokenLimitReached", after: { limit: 5 } },
    "Michael Scott tried to generate the token “Okta”, which was refused: at most 5 tokens can be active at a time",
  ],
  [
    "role.deleted",
    { actor: okta, subject: { kind: "role", name: "" }, refusal: "roleBuiltIn" },
    "The identity provider (token “Okta production”) tried to delete a role, which was refused: the role is built in",
  ],
  [
    "sso.tested",
    { subject: sso, refusal: "ssoResponseRefused", after: { problem: "the audience is another" } },
    "Michael Scott tried to test single sign-on, which was refused: the audience is another",
  ],
  [
    "member.created",
    { refusal: "somethingNewer" },
    "Michael Scott tried to add Pam Beesly, which was refused: somethingNewer",
  ],
])("what was refused: %s %#", (kind, more, sentence) => {
  expect(describeChange(entry(kind, more))).toBe(sentence);
});

const keys = [
  ["role", "userName", "name", "names", "count", "limit", "held", "minutes", "isGuardOn", "isRequired", "email"],
  ["onlyDirectoryRemoves", "source", "group", "problem", "domain", "awaitsAcceptance", "membersRemoved", "constructor"],
].flat();
const values = fc.oneof(
  fc.constantFrom(null, undefined, 7, "text", []),
  fc.dictionary(
    fc.constantFrom(...keys),
    fc.oneof(fc.boolean(), fc.nat(99), fc.constantFrom("mapping", "Sales", "", " ", null), fc.constant(["Ann", "", 7])),
  ),
);
const endings = [
  "",
  ".",
  "...",
  "…",
  ",",
  ";",
  ":",
  "!",
  "?!",
  "。",
  ")",
  "”",
  "'",
  " ",
  "\n",
  "\u0000",
  "\u202e",
  ",\u2069",
];
const nastyName = fc.oneof(
  fc.constantFrom("", " ", "…", "-"),
  fc
    .tuple(fc.constantFrom("Zoé", "constructor", "Acme  Inc", "\u202ePam"), fc.constantFrom(...endings))
    .map((parts) => parts.join("")),
);
const anyEntry = fc.record({
  kind: fc.constantFrom(...changeKinds),
  actor: fc.record({ kind: fc.constantFrom(...actorKinds), name: nastyName }),
  subject: fc.record({ kind: fc.constantFrom(...subjectKinds), name: nastyName }),
  before: values,
  after: values,
  refusal: fc.constantFrom(null, null, "lastOwner", "passwordWeak", "memberAlready", "constructor", ""),
  isSelf: fc.boolean(),
});

// The values of old log entries may have any shape.
test("there is one sentence for every kind, with any names and values", () => {
  fc.assert(
    fc.property(anyEntry, (one) => {
      const sentence = withFullStop(describeChange(one));
      expect(sentence).not.toMatch(/undefined|null|object O|[\p{Cc}\u202e\u2069]|\s\s|\s[.,;:]/u);
      expect(sentence).toMatch(/^[\p{L}“-].{9,}([.!?…。][”"]?)$/u);
      // A dot may belong to a name in the middle ("Acme Inc., which"), and quotes keep a name's other marks to itself.
      const marks = sentence.replaceAll("...", "…").replaceAll("?!", "!");
      expect(marks).not.toMatch(/[,;:!?…。][.,;:!?…。]|[.!?…。]”\.|\.\./u);
      expect(sentence).not.toMatch(/\b(yes|to no|true|false)\b/);
    }),
    { numRuns: 3000 },
  );
});

test("no person is named twice where they acted on themselves", () => {
  const name = "Zoé Nasty.";
  fc.assert(
    fc.property(anyEntry, (one) => {
      const own = { ...one, actor: { kind: "person", name }, subject: { kind: "member", name }, isSelf: true } as const;
      expect(describeChange(own).split(name)).toHaveLength(2);
    }),
    { numRuns: 1000 },
  );
});
