import { describe, expect, test } from "vitest";
import { invitationMs, invitationState, invite, openInvitation, type InvitationFacts } from "./invitation.ts";

const now = new Date("2026-11-25T12:00:00Z");
const later = new Date(now.getTime() + invitationMs);
const open = { expiresAt: later, endedAt: null, isSuspended: false };
const suspended = { ...open, isSuspended: true };

test.each([
  [open, now, "open"],
  [open, new Date(later.getTime() - 1), "open"],
  [open, later, "expired"],
  [suspended, now, "suspended"],
  [suspended, later, "expired"],
  [{ ...suspended, endedAt: now }, now, "ended"],
  [{ ...open, endedAt: now }, now, "ended"],
  [{ ...open, endedAt: now }, later, "ended"],
])("an invitation that is %j is at %s %s", (life, at, state) => expect(invitationState(life, at)).toBe(state));

test.each([
  ["pam@dm.example", { isMember: false, waiting: null }, undefined],
  ["pam@dm.example", { isMember: false, waiting: { ...open, expiresAt: now } }, undefined],
  ["pam@dm.example", { isMember: false, waiting: suspended }, undefined],
  ["pam@dm.example", { isMember: false, waiting: open }, "invitationPending"],
  ["pam@dm.example", { isMember: true, waiting: null }, "memberAlready"],
  ["pam at dm", { isMember: false, waiting: null }, "emailMalformed"],
])("to invite: %s with %j", (email, facts, refusal) => {
  const decided = invite(email, facts, now);
  expect(decided.ok ? undefined : decided.error.kind).toBe(refusal);
});

describe("a link of an invitation", () => {
  const facts: InvitationFacts = {
    ...open,
    email: "pam@dm.example",
    isMember: false,
    signedInAs: null,
    account: "none",
  };
  test.each<[Partial<InvitationFacts>, string]>([
    [{}, "signUp"],
    [{ account: "withPassword" }, "signIn"],
    [{ account: "withoutPassword" }, "setPassword"],
    [{ account: "withPassword", signedInAs: "PAM@dm.example" }, "join"],
    [{ account: "withPassword", signedInAs: "jim@dm.example" }, "invitationForOther"],
    [{ signedInAs: "jim@dm.example" }, "invitationForOther"],
    [{ account: "withPassword", isMember: true }, "memberAlready"],
    [{ expiresAt: now }, "linkEnded"],
    [{ isSuspended: true }, "linkEnded"],
    [{ endedAt: now, signedInAs: "jim@dm.example" }, "linkEnded"],
  ])("with %j opens the way %s", (part, expected) => {
    const decided = openInvitation({ ...facts, ...part }, now);
    expect(decided.ok ? decided.value : decided.error.kind).toBe(expected);
  });
});
