import { expectError, expectHeader, expectStatus } from "../assertion.ts";
import type { Check } from "../check.ts";

/** RFC 7644 section 2, with the status codes of section 3.12. */
export const authenticationChecks: readonly Check[] = [
  {
    id: "auth-missing-is-401",
    clause: "RFC 7644 section 3.12",
    title: "A call without an Authorization header is 401 with a SCIM error.",
    run: async (target) => expectError(await target.get("/Users", {}, { authorization: undefined }), 401),
  },
  {
    id: "auth-missing-challenges",
    clause: "RFC 9110 section 11.6.1",
    title: "A 401 names a way to sign in, in WWW-Authenticate.",
    run: async (target) => {
      const answer = await target.get("/Users", {}, { authorization: undefined });
      expectStatus(answer, 401);
      expectHeader(answer, "www-authenticate", /\S/);
    },
  },
];
