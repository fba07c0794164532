import { expect, test } from "vitest";
import { adviceFor } from "./call-advice.ts";

const base = { scimType: null, refusal: null };

// Guards that no refused call leaves its reader alone: it says why, and what to do next.
test.each([
  [{ ...base, status: 200 }, undefined, undefined],
  [
    { ...base, status: 409, refusal: "userNameTaken", facts: { userName: "pam@acme.example" } },
    "Refused: pam@acme.example is in use already.",
    "Look for the person under Members.",
  ],
  [
    { ...base, status: 409, scimType: "uniqueness", refusal: "lastOwner" },
    "Refused: this person is the last owner.",
    "owner",
  ],
  [{ ...base, status: 401, refusal: "tokenSecretWrong" }, "its secret is wrong", "Generate a new token"],
  [{ ...base, status: 403, refusal: "provisioningOff" }, "Refused: provisioning is off.", "Turn provisioning on"],
  [{ ...base, status: 400, scimType: "invalidFilter" }, "search in the address", "userName, externalId"],
  [{ ...base, status: 400, refusal: "ofAnotherVersion" }, "The call was refused.", "Read the answer"],
  [{ ...base, status: 429 }, "too many calls", "tries again"],
  [{ ...base, status: 500 }, "a fault of Rollcall", "request id"],
  [{ ...base, status: 503 }, "temporarily unavailable", "tries again"],
])("%o", (outcome, why, next) => {
  const advice = adviceFor(outcome);
  if (why === undefined) expect(advice).toBeUndefined();
  else {
    expect(advice?.why).toContain(why);
    expect(advice?.next).toContain(next);
  }
});
