import { describe, expect, test } from "vitest";
import { matchesFilter } from "./filter-matching.ts";
import { parseFilter } from "./filter.ts";
import { groupResourceType } from "../schema/group-schema.ts";
import { userResourceType } from "../schema/user-schema.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const pam = { id: "u1", userName: "pam@dm.example" };

// Entra asks this before it changes a manager (E-DOC, example 4).
describe("a filter by manager", () => {
  test.each([
    ['id eq "u1" and manager eq "u2"', false],
    [`id eq "u1" and ${enterprise}:manager eq "u2"`, false],
    [`${enterprise.toUpperCase()}:MANAGER.VALUE eq "u2" and id eq "u1"`, false],
    ['id eq "u1" or manager eq "u2"', true],
    ['id eq "u1" and manager ne "u2"', true],
    ['id eq "u1" and not (manager eq "u2")', true],
    ['id eq "u1" and manager eq null', true],
    ['id eq "u1" and manager ne null', false],
    ['id eq "u1" and manager pr', false],
    ['id eq "u1" and not (manager pr)', true],
    ['id eq "u1" and manager co "u"', false],
    ['id eq "u1" and manager[value eq "u2"]', false],
  ])("%s: %s", (text, expected) => {
    const filter = parseFilter(text, userResourceType);
    expect(filter.ok && matchesFilter(filter.value, pam)).toBe(expected);
    expect(filter.ok).toBe(true);
  });

  test.each([
    ['managers eq "u2"', userResourceType],
    [`${enterprise}:department eq "Sales"`, userResourceType],
    ['title eq "Manager"', userResourceType],
    ['manager eq "u2"', groupResourceType],
  ])("anything else that is not supported is refused: %s", (text, resourceType) => {
    expect(parseFilter(text, resourceType)).toMatchObject({ ok: false, error: { scimType: "invalidFilter" } });
  });
});
