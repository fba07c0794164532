import {
  expectMember,
  expectMembers,
  expectSame,
  expectSameSet,
  expectStatus,
  expectThat,
  isErrorOf,
  resourcesOf,
} from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at, isObject, shown } from "../json.ts";
import { userSchema } from "../request-body.ts";
import type { FaultName } from "../testing/faults.ts";
import { queryPeople } from "./query-kinds.ts";

const ignored: readonly FaultName[] = ["attributes that are ignored", "resources without their id"];

const chapter: Chapter = { clause: "RFC 7644 section 3.9" };

/** Parts of resources: `attributes` and `excludedAttributes`. */
export const projectionChecks = checksOf(chapter, {
  "attributes-shows-only-these": check("attributes selects the attributes that it names, and id.")
    .run(showsOnly("userName", ["userName"]))
    .faults(...ignored),
  "attributes-takes-several": check("attributes takes names between commas.")
    .run(showsOnly("userName,active", ["userName", "active"]))
    .faults(...ignored, "a comma that is part of a name"),
  "attributes-in-any-case": check("attributes reads names in any letter case.")
    .run(showsOnly("USERNAME", ["userName"]))
    .faults(...ignored, "names that are compared letter by letter"),
  "attributes-with-urn": check("attributes reads names with the schema's URN.")
    .run(showsOnly(`${userSchema}:userName`, ["userName"]))
    .faults(...ignored, "names with a URN that are not understood"),
  "attributes-unknown-is-left-out": check("A name that does not exist is left out.")
    .run(showsOnly("userName,nothing", ["userName"]))
    .faults(...ignored, "a comma that is part of a name"),
  "attributes-id-is-always-there": check("id is returned even if only other attributes are named.")
    .run(showsOnly("displayName", ["displayName"]))
    .faults(...ignored),
  "attributes-shows-sub-attributes": check("Of an attribute, only the sub-attribute that is named is returned.")
    .run(async (target) => {
      const response = await target.get(target.person(1).path, { attributes: "name.familyName" });
      expectAttributes(response, response.body, ["name"]);
      expectMember(response, "name", { familyName: target.person(1).familyName });
    })
    .faults(...ignored, "a sub-attribute that brings its whole attribute"),
  "attributes-in-a-list": check("attributes applies to every resource of a list, and not to the list itself.")
    .clause("RFC 7644 section 3.4.2.5")
    .needs("filter")
    .run(async (target) => {
      const { response, numbers } = await queryPeople(target, { attributes: "userName" });
      for (const resource of resourcesOf(response)) expectAttributes(response, resource, ["userName"]);
      expectSame(response, "this number of people:", numbers.length, 5);
      expectMember(response, "totalResults", 5);
    })
    .faults(...ignored, "a list with attributes that is empty"),
  "attributes-of-groups": check("A group can be read without its members.")
    .run(async (target) => {
      const response = await target.get(target.group(1).path, { attributes: "displayName" });
      expectAttributes(response, response.body, ["displayName"]);
    })
    .faults(...ignored),
  "attributes-of-a-replacement": check("attributes applies to the response to a PUT too.")
    .run(async (target) => {
      const path = `${target.person(1).path}?attributes=userName`;
      const response = await target.put(path, target.personBody(1));
      expectStatus(response, 200);
      expectAttributes(response, response.body, ["userName"]);
    })
    .faults(...ignored),
  "excluded-attributes-leaves-out": check("excludedAttributes leaves out the attributes that it names, and no other.")
    .run(hides("displayName,emails", ["displayName", "emails"], ["userName", "name", "active", "meta"]))
    .faults("excludedAttributes that are ignored", "excludedAttributes that leave out everything else too"),
  "excluded-attributes-in-any-case": check("excludedAttributes reads names in any letter case and with a URN.")
    .run(hides(`DISPLAYNAME,${userSchema}:active`, ["displayName", "active"], ["userName"]))
    .faults("excludedAttributes that are ignored", "excluded names that are compared letter by letter"),
  "excluded-attributes-keeps-id": check("id is always returned, even if it is excluded.")
    .clause("RFC 7643 section 7")
    .run(async (target) => {
      const { id, path } = target.person(1);
      const response = await target.get(path, { excludedAttributes: "id,displayName" });
      expectMembers(response, { id, displayName: undefined });
    })
    .faults("resources without their id", "excludedAttributes that are ignored"),
  "excluded-attributes-leaves-out-parts": check("A sub-attribute can be left out alone.")
    .run(hides("name.givenName", ["name.givenName"], ["name.familyName", "userName"]))
    .faults("excludedAttributes that are ignored", "a part that takes its whole attribute away"),
  "excluded-attributes-in-a-list": check("excludedAttributes applies to every resource of a list.")
    .clause("RFC 7644 section 3.4.2.5")
    .needs("filter")
    .run(async (target) => {
      const { response, numbers } = await queryPeople(target, { excludedAttributes: "active" });
      for (const resource of resourcesOf(response)) expectWithout(response, resource, "active", "userName", "meta");
      expectSame(response, "this number of people:", numbers.length, 5);
    })
    .faults(
      "resources without their id",
      "a list with attributes that is empty",
      "excludedAttributes that are ignored",
    ),
  "excluded-attributes-of-groups": check("A group can be read with everything but its members.")
    .run(async (target) => {
      const response = await target.get(target.group(1).path, { excludedAttributes: "members" });
      expectWithout(response, response.body, "members", "displayName", "meta");
    })
    .faults("excludedAttributes that are ignored"),
  "attributes-and-excluded-are-not-both-lost": check("Both parameters together are refused, or one of them applies.")
    .run(async (target) => {
      const query = { attributes: "userName,displayName", excludedAttributes: "displayName" };
      const response = await target.get(target.person(1).path, query);
      if (isErrorOf(response, 400)) return;
      expectStatus(response, 200);
      const isNarrowed = at(response.body, "active") === undefined || at(response.body, "displayName") === undefined;
      expectThat(response, isNarrowed, `should not ignore both parameters: ${shown(response.body)}`);
    })
    .faults("two parameters that exclude each other and are both ignored"),
});

/** Expects that person 1, read with `attributes`, shows exactly these. */
function showsOnly(attributes: string, expected: readonly string[]): Check["run"] {
  return async (target) => {
    const response = await target.get(target.person(1).path, { attributes });
    expectStatus(response, 200);
    expectAttributes(response, response.body, expected);
  };
}

/** Expects that `excludedAttributes` removes attributes of person 1 and leaves others. */
function hides(excludedAttributes: string, hidden: readonly string[], kept: readonly string[]): Check["run"] {
  return async (target) => {
    const response = await target.get(target.person(1).path, { excludedAttributes });
    for (const name of hidden) expectWithout(response, response.body, name, ...kept);
  };
}

/** Expects exactly these attributes beside `schemas`, which may always be there, and `id`, which must. */
export function expectAttributes(response: ScimResponse, resource: unknown, expected: readonly string[]): void {
  const names = Object.keys(isObject(resource) ? resource : {}).filter((name) => name !== "schemas");
  expectSameSet(response, "the attributes", names, ["id", ...expected]);
}

/** Expects that the attribute is missing and that others are there. */
export function expectWithout(
  response: ScimResponse,
  resource: unknown,
  missing: string,
  ...kept: readonly string[]
): void {
  expectThat(response, at(resource, missing) === undefined, `should not hold ${missing}`);
  for (const name of ["id", ...kept])
    expectThat(response, at(resource, name) !== undefined, `should still hold ${name}`);
}
