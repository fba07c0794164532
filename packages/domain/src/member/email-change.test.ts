import { expect, test } from "vitest";
import { changeEmail } from "./email-change.ts";

const verified = new Set(["dm.example", "sabre.example"]);
const unverified = (domain: string): object => ({ ok: false, error: { kind: "domainNotVerified", domain } });

// AR-43, AR-44: both domains must be verified, or one tenant could take over another's account.
test.each([
  ["pam@dm.example", "pam.b@DM.example", { ok: true, value: { email: "pam.b@DM.example" } }],
  ["pam@dm.example", "pam@sabre.example", { ok: true, value: { email: "pam@sabre.example" } }],
  ["PAM@DM.EXAMPLE", "pam@sabre.example", { ok: true, value: { email: "pam@sabre.example" } }],
  ["pam@dm.example", "pam@rival.example", unverified("rival.example")],
  ["pam@rival.example", "pam@dm.example", unverified("rival.example")],
  ["pam@rival.example", "pam@other.example", unverified("rival.example")],
  ["pam@dm.example", "pam@sub.dm.example", unverified("sub.dm.example")],
  ["pam@dm.example", "pam@notdm.example", unverified("notdm.example")],
  ["pam@dm.example", "pam@dm.example@rival.example", unverified("rival.example")],
  ["pam", "pam@dm.example", unverified("")],
  [null, "pam@dm.example", { ok: true, value: { email: "pam@dm.example" } }],
  [null, "pam@rival.example", unverified("rival.example")],
])("AR-43 AR-44 from %s to %s", (from, to, expected) => expect(changeEmail(from, to, verified)).toEqual(expected));

test("AR-46 without a verified domain every change is refused", () => {
  expect(changeEmail("pam@dm.example", "pam.b@dm.example", new Set())).toEqual(unverified("dm.example"));
});
