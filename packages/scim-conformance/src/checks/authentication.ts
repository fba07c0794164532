import { expectError, expectHeader, expectStatus } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import { patchOf } from "../request-body.ts";
import { another, refuses, rename } from "./write-kinds.ts";

const noToken = { authorization: undefined };

const chapter: Chapter = { clause: "RFC 7644 section 2" };

/** Requests without a valid token. The status and the form of the error are those of section 3.12. */
export const authenticationChecks = checksOf(chapter, {
  "auth-missing-is-401": check("A request without an Authorization header is 401 with a SCIM error.")
    .clause("RFC 7644 section 3.12")
    .run(refuses([401], (target) => target.get("/Users", {}, noToken)))
    .faults("a 403 for an unknown client"),
  "auth-missing-challenges": check("A 401 names an authentication scheme in WWW-Authenticate.")
    .clause("RFC 9110 section 11.6.1")
    .run(async (target) => {
      const response = await target.get("/Users", {}, noToken);
      expectStatus(response, 401);
      expectHeader(response, "www-authenticate", /^[A-Za-z0-9-]+/);
    })
    .faults("a 401 without WWW-Authenticate"),
  "auth-wrong-token-is-401": check("An unknown token is 401 with a SCIM error.")
    .run(refuses([401], (target) => target.get("/Users", {}, { authorization: "Bearer not-a-token" })))
    .faults("a 403 for an unknown client", "an empty list for an unknown client"),
  "auth-other-scheme-is-401": check("Basic authentication is 401 where the service takes bearer tokens.")
    .run(refuses([401], (target) => target.get("/Users", {}, { authorization: "Basic bm9ib2R5Om5vYm9keQ==" })))
    .faults("a 403 for an unknown client", "an empty list for an unknown client"),
  "auth-guards-single-resources": check("A client without a token cannot read a person or learn whether an id exists.")
    .run(
      refuses(
        [401],
        (target) => target.get(target.person(1).path, {}, noToken),
        (target) => target.get("/Users/there-is-no-such-id", {}, noToken),
      ),
    )
    .faults("an unknown id that is reported before the token is checked"),
  "auth-guards-writes": check("A client without a token cannot write: POST, PUT, PATCH and DELETE are 401.")
    .run(async (target) => {
      const { path } = target.person(1);
      expectError(await target.post("/Users", target.personBody(1), noToken), 401);
      expectError(await target.put(path, target.personBody(1, another), noToken), 401);
      expectError(await target.patch(path, patchOf(rename), noToken), 401);
      expectError(await target.delete(path, noToken), 401);
      await target.read(path);
    })
    .faults("a PATCH without authentication"),
});
