import { expect, test } from "vitest";
import { requestAdvice } from "./request-advice.ts";

const base = { scimType: null, refusal: null };

test.each([
  [{ ...base, status: 200 }, undefined, undefined],
  [
    { ...base, status: 409, refusal: "userNameTaken", facts: { userName: "pam@acme.example" } },
    "Refused: pam@acme.example is in use already.",
    "Look for the person under Members.",
  ],
  [
    { ...base, status: 409, refusal: "userNameTaken", facts: { userName: "pam@acme.example", inactiveId: "x" } },
    "Refused: pam@acme.example belongs to a member who is inactive.",
    "it must look them up first",
  ],
  [
    { ...base, status: 409, scimType: "uniqueness", refusal: "lastOwner" },
    "Refused: this person is the last owner who can sign in.",
    "owner",
  ],
  [{ ...base, status: 401, refusal: "tokenSecretWrong" }, "its secret is wrong", "Generate a new token"],
  [{ ...base, status: 403, refusal: "provisioningOff" }, "Refused: provisioning is off.", "Turn provisioning on"],
  [{ ...base, status: 400, scimType: "invalidFilter" }, "filter in the address", "userName, externalId"],
  [{ ...base, status: 400, refusal: "ofAnotherVersion" }, "The request was refused.", "Read the response"],
  [{ ...base, status: 429 }, "too many requests", "retries"],
  [{ ...base, status: 500 }, "an error in Rollcall", "request id"],
  [{ ...base, status: 503 }, "temporarily unavailable", "retries"],
])("%o", (outcome, why, next) => {
  const advice = requestAdvice(outcome);
  if (why === undefined) expect(advice).toBeUndefined();
  else {
    expect(advice?.why).toContain(why);
    expect(advice?.next).toContain(next);
  }
});
