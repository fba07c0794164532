import { expectMember, expectSame, expectStatus, expectThat, isErrorOf, resourcesOf } from "../assertion.ts";
import { at, isObject, shown } from "../json.ts";
import { checksOf, type Chapter, type Check } from "../check.ts";
import { personBody } from "../cast-roles.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Target } from "../target.ts";
import { castFound } from "./query-kinds.ts";

const urn = "urn:ietf:params:scim:schemas:core:2.0:User";

function readWith(target: Target, query: Readonly<Record<string, string>>): Promise<ScimResponse> {
  return target.get(`/Users/${target.cast.person(1).id}`, query);
}

/** Expects that the query takes an attribute away from person 1, and leaves these. */
function hides(excludedAttributes: string, hidden: readonly string[], kept: readonly string[]): Check["run"] {
  return async (target) => {
    const response = await readWith(target, { excludedAttributes });
    for (const name of hidden) expectWithout(response, response.body, name, ...kept);
  };
}

/** Expects exactly these attributes beside `schemas`, which may always be there, and `id`, which must. */
function expectAttributes(response: ScimResponse, resource: unknown, expected: readonly string[]): void {
  const names = Object.keys(isObject(resource) ? resource : {}).filter((name) => name !== "schemas");
  expectSame(response, "the attributes", names.toSorted(compare), ["id", ...expected].toSorted(compare));
}

/** Expects that the attribute is missing and that others are there. */
function expectWithout(response: ScimResponse, resource: unknown, missing: string, ...kept: readonly string[]): void {
  expectThat(response, at(resource, missing) === undefined, `should not hold ${missing}`);
  for (const name of ["id", ...kept])
    expectThat(response, at(resource, name) !== undefined, `should still hold ${name}`);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : 1;
}

/** Expects that person 1, read with `attributes`, shows exactly these. */
function showsOnly(attributes: string, expected: readonly string[]): Check["run"] {
  return async (target) => {
    const response = await readWith(target, { attributes });
    expectStatus(response, 200);
    expectAttributes(response, response.body, expected);
  };
}

const chapter: Chapter = { clause: "RFC 7644 section 3.9" };

/** Parts of resources: `attributes` and `excludedAttributes`. */
export const projectionChecks = checksOf(chapter, {
  "attributes-shows-only-these": {
    title: "attributes answers what it names, and id.",
    run: showsOnly("userName", ["userName"]),
    faults: ["attributes that are ignored", "resources without their id"],
  },
  "attributes-takes-several": {
    title: "attributes takes names between commas.",
    run: showsOnly("userName,active", ["userName", "active"]),
    faults: ["attributes that are ignored", "resources without their id", "a comma that is part of a name"],
  },
  "attributes-in-any-case": {
    title: "attributes reads names in any letter case.",
    run: showsOnly("USERNAME", ["userName"]),
    faults: ["attributes that are ignored", "resources without their id", "names that are compared letter by letter"],
  },
  "attributes-with-urn": {
    title: "attributes reads names with the schema's URN.",
    run: showsOnly(`${urn}:userName`, ["userName"]),
    faults: ["attributes that are ignored", "resources without their id", "names with a URN that are not understood"],
  },
  "attributes-unknown-is-left-out": {
    title: "A name that does not exist is left out.",
    run: showsOnly("userName,nothing", ["userName"]),
    faults: ["attributes that are ignored", "resources without their id", "a comma that is part of a name"],
  },
  "attributes-id-is-always-there": {
    title: "id is answered even if only others are named.",
    run: showsOnly("displayName", ["displayName"]),
    faults: ["attributes that are ignored", "resources without their id"],
  },
  "attributes-shows-sub-attributes": {
    title: "A sub-attribute that is named comes alone in its attribute.",
    run: async (target) => {
      const response = await readWith(target, { attributes: "name.familyName" });
      expectAttributes(response, response.body, ["name"]);
      expectMember(response, "name", { familyName: target.cast.person(1).familyName });
    },
    faults: [
      "attributes that are ignored",
      "resources without their id",
      "a sub-attribute that brings its whole attribute",
    ],
  },
  "attributes-in-a-list": {
    clause: "RFC 7644 section 3.4.2.5",
    needs: "filter",
    title: "attributes holds for every resource of a list, and not for the list itself.",
    run: async (target) => {
      const { response, numbers } = await castFound(target, { attributes: "userName" });
      for (const resource of resourcesOf(response)) expectAttributes(response, resource, ["userName"]);
      expectSame(response, "so many people", numbers.length, 5);
      expectMember(response, "totalResults", 5);
    },
    faults: [
      "attributes that are ignored",
      "resources without their id",
      "a list that shows nobody where it should show parts",
    ],
  },
  "attributes-of-groups": {
    title: "A group can be read without its members.",
    run: async (target) => {
      const response = await target.get(`/Groups/${target.cast.group(1).id}`, { attributes: "displayName" });
      expectAttributes(response, response.body, ["displayName"]);
    },
    faults: ["attributes that are ignored", "resources without their id"],
  },
  "attributes-of-a-replacement": {
    title: "attributes holds for the answer of a PUT too.",
    run: async (target) => {
      const { id, ...role } = target.cast.person(1);
      const response = await target.put(`/Users/${id}?attributes=userName`, personBody(role));
      expectStatus(response, 200);
      expectAttributes(response, response.body, ["userName"]);
    },
    faults: ["attributes that are ignored", "resources without their id"],
  },
  "excluded-attributes-leaves-out": {
    title: "excludedAttributes leaves out what it names, and nothing else.",
    run: hides("displayName,emails", ["displayName", "emails"], ["userName", "name", "active", "meta"]),
    faults: ["excludedAttributes that are ignored", "excludedAttributes that leave out everything else too"],
  },
  "excluded-attributes-in-any-case": {
    title: "excludedAttributes reads names in any letter case and with the schema's URN.",
    run: hides(`DISPLAYNAME,${urn}:active`, ["displayName", "active"], ["userName"]),
    faults: ["excludedAttributes that are ignored", "excluded names that are compared letter by letter"],
  },
  "excluded-attributes-keeps-id": {
    clause: "RFC 7643 section 7",
    title: "id is always returned, even if it is excluded.",
    run: async (target) => {
      const response = await readWith(target, { excludedAttributes: "id,displayName" });
      expectMember(response, "id", target.cast.person(1).id);
      expectMember(response, "displayName", undefined);
    },
    faults: ["resources without their id", "excludedAttributes that are ignored"],
  },
  "excluded-attributes-leaves-out-parts": {
    title: "A sub-attribute can be left out alone.",
    run: hides("name.givenName", ["name.givenName"], ["name.familyName", "userName"]),
    faults: ["excludedAttributes that are ignored", "a part that takes its whole attribute away"],
  },
  "excluded-attributes-in-a-list": {
    clause: "RFC 7644 section 3.4.2.5",
    needs: "filter",
    title: "excludedAttributes holds for every resource of a list.",
    run: async (target) => {
      const { response, numbers } = await castFound(target, { excludedAttributes: "active" });
      for (const resource of resourcesOf(response)) expectWithout(response, resource, "active", "userName", "meta");
      expectSame(response, "so many people", numbers.length, 5);
    },
    faults: [
      "resources without their id",
      "a list that shows nobody where it should show parts",
      "excludedAttributes that are ignored",
    ],
  },
  "excluded-attributes-of-groups": {
    title: "A group can be read with everything but its members.",
    run: async (target) => {
      const response = await target.get(`/Groups/${target.cast.group(1).id}`, { excludedAttributes: "members" });
      expectWithout(response, response.body, "members", "displayName", "meta");
    },
    faults: ["excludedAttributes that are ignored"],
  },
  "attributes-and-excluded-are-not-both-lost": {
    title: "Both parameters together, which exclude each other, are refused or one of them holds.",
    run: async (target) => {
      const response = await readWith(target, {
        attributes: "userName,displayName",
        excludedAttributes: "displayName",
      });
      if (isErrorOf(response, 400)) return;
      expectStatus(response, 200);
      const isNarrowed = at(response.body, "active") === undefined || at(response.body, "displayName") === undefined;
      expectThat(response, isNarrowed, `should not ignore both parameters: ${shown(response.body)}`);
    },
    faults: ["two parameters that exclude each other and are both ignored"],
  },
});
