import { expect, test } from "vitest";
import { admitBySso } from "./sso-admission.ts";

const none = { ok: false, error: "noMember" };

test.each([
  ["nobody", null, none],
  ["a deactivated member", { isActive: false, awaitsAcceptance: false, isDomainVerified: true }, none],
  [
    "a member",
    { isActive: true, awaitsAcceptance: false, isDomainVerified: false },
    { ok: true, value: { isAccepting: false } },
  ],
  [
    "an unaccepted member",
    { isActive: true, awaitsAcceptance: true, isDomainVerified: false },
    { ok: false, error: "notAccepted" },
  ],
  [
    "an unaccepted member of a verified domain",
    { isActive: true, awaitsAcceptance: true, isDomainVerified: true },
    { ok: true, value: { isAccepting: true } },
  ],
])("%s", (_who, member, expected) => expect(admitBySso(member)).toEqual(expected));
