import { at, textAt } from "./json.ts";
import type { Person } from "./person.ts";
import type { Check } from "./tally.ts";

const listSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** A list that holds just the person of this `userName`. */
export const findsOne =
  (userName: string): Check =>
  (status, body) =>
    wantStatus(status, 200) ??
    wantList(body, 1) ??
    want("userName", textAt(body, "Resources", 0, "userName")?.toLowerCase(), userName);

export const findsNone: Check = (status, body) => wantStatus(status, 200) ?? wantList(body, 0);

/** The whole person, active or not. `statuses`: which ones are right; a 204 has no body to be checked. */
export const isPerson =
  (wanted: Person, active: boolean, ...statuses: readonly number[]): Check =>
  (status, body) => {
    const wrong = wantStatus(status, ...statuses);
    if (wrong !== undefined || status === 204) return wrong;
    return (
      (textAt(body, "id") === undefined ? "no id" : undefined) ??
      want("userName", textAt(body, "userName")?.toLowerCase(), wanted.userName) ??
      want("externalId", at(body, "externalId"), wanted.externalId) ??
      want("givenName", at(body, "name", "givenName"), wanted.givenName) ??
      want("familyName", at(body, "name", "familyName"), wanted.familyName) ??
      want("active", at(body, "active"), active)
    );
  };

function wantStatus(status: number, ...wanted: readonly number[]): string | undefined {
  return wanted.includes(status) ? undefined : `status ${status}, wanted ${wanted.join(" or ")}`;
}

function wantList(body: unknown, total: number): string | undefined {
  const resources = at(body, "Resources");
  const listed = Array.isArray(resources) ? resources.length : 0;
  return (
    want("schemas", at(body, "schemas", 0), listSchema) ??
    want("totalResults", at(body, "totalResults"), total) ??
    want("Resources", listed, total)
  );
}

function want(name: string, found: unknown, wanted: unknown): string | undefined {
  return found === wanted ? undefined : `${name} ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`;
}
