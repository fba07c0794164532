import { expectError, expectHeader, expectStatus } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import { personBody } from "../cast-roles.ts";

const noToken = { authorization: undefined };

const chapter: Chapter = { clause: "RFC 7644 section 2" };

/** Who is let in. The status and the form of the refusal are those of section 3.12. */
export const authenticationChecks = checksOf(chapter, {
  "auth-missing-is-401": {
    clause: "RFC 7644 section 3.12",
    title: "A call without an Authorization header is 401 with a SCIM error.",
    run: async (target) => expectError(await target.get("/Users", {}, noToken), 401),
    faults: ["a 403 for who is not known"],
  },
  "auth-missing-challenges": {
    clause: "RFC 9110 section 11.6.1",
    title: "A 401 names a way to sign in, in WWW-Authenticate.",
    run: async (target) => {
      const response = await target.get("/Users", {}, noToken);
      expectStatus(response, 401);
      expectHeader(response, "www-authenticate", /^[A-Za-z0-9-]+/);
    },
    faults: ["a 401 without WWW-Authenticate"],
  },
  "auth-wrong-token-is-401": {
    title: "A token that nobody was given is 401 with a SCIM error.",
    run: async (target) => expectError(await target.get("/Users", {}, { authorization: "Bearer not-a-token" }), 401),
    faults: ["a 403 for who is not known", "an empty list for who is not known"],
  },
  "auth-other-scheme-is-401": {
    title: "A name and a password are 401 where the service knows bearer tokens.",
    run: async (target) =>
      expectError(await target.get("/Users", {}, { authorization: "Basic bm9ib2R5Om5vYm9keQ==" }), 401),
    faults: ["a 403 for who is not known", "an empty list for who is not known"],
  },
  "auth-guards-single-resources": {
    title: "Nobody without a token reads a person, or learns whether an id exists.",
    run: async (target) => {
      const { id } = target.cast.person(1);
      expectError(await target.get(`/Users/${id}`, {}, noToken), 401);
      expectError(await target.get("/Users/there-is-no-such-id", {}, noToken), 401);
    },
    faults: ["an unknown id that is told before the token is looked at"],
  },
  "auth-guards-writes": {
    title: "Nobody without a token writes: POST, PUT, PATCH and DELETE are 401.",
    run: async (target) => {
      const person = target.cast.person(1);
      const path = `/Users/${person.id}`;
      const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
      const operation = { op: "replace", path: "displayName", value: "Nobody" };
      expectError(await target.post("/Users", personBody(person), noToken), 401);
      expectError(await target.put(path, { ...personBody(person), displayName: "Nobody" }, noToken), 401);
      expectError(await target.patch(path, { schemas, Operations: [operation] }, noToken), 401);
      expectError(await target.delete(path, noToken), 401);
      expectStatus(await target.get(path), 200);
    },
    faults: ["a PATCH that nobody guards"],
  },
});
