import {
  expectError,
  expectMember,
  expectSame,
  expectSameSet,
  expectThat,
  idsOf,
  listSchema,
  resourcesOf,
} from "../assertion.ts";
import { at, isObject } from "../json.ts";
import { checksOf, type Chapter } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Target } from "../target.ts";
import { expectSchema } from "./discovery.ts";
import { castFound, expectPage, expectPeople, foundIn, groupsOfTheCast, ofTheCast } from "./query-kinds.ts";

const schemas = ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"];

function search(target: Target, input: object, path = "/Users"): Promise<ScimResponse> {
  return target.post(`${path}/.search`, { schemas, ...input });
}

/** Searches the people of the cast. */
export function searchCast(target: Target, input: object = {}): Promise<ScimResponse> {
  return search(target, { filter: ofTheCast(target.cast), ...input });
}

const chapter: Chapter = { clause: "RFC 7644 section 3.4.3", needs: "search" };

/** Queries by POST. ServiceProviderConfig does not advertise them: `discoverFeatures` sends one to find out. */
export const searchChecks = checksOf(chapter, {
  "search-answers-a-list": {
    title: "POST /Users/.search answers 200 with a ListResponse.",
    run: async (target) => expectSchema(await searchCast(target), listSchema),
    faults: ["a search that answers as if it had created something"],
  },
  "search-finds-people": {
    title: "The filter of a search finds the same people as that of a query.",
    run: async (target) => {
      const filter = ofTheCast(target.cast, "active eq true");
      expectPeople(foundIn(target, await search(target, { filter })), [1, 2, 3, 5]);
    },
    faults: ["a search that answers as if it had created something", "a search whose filter is overlooked"],
  },
  "search-shows-the-same-as-a-query": {
    title: "A search answers what the query with the same parameters answers.",
    run: async (target) => {
      const queried = await castFound(target, { startIndex: 2, count: 3 });
      const searched = await searchCast(target, { startIndex: 2, count: 3 });
      expectSame(searched, "what the query answers", resourcesOf(searched), resourcesOf(queried.response));
      for (const name of ["totalResults", "startIndex", "itemsPerPage"])
        expectMember(searched, name, at(queried.response.body, name));
    },
    faults: ["a search whose page is overlooked", "a search that shows resources in part"],
  },
  "search-finds-groups": {
    title: "POST /Groups/.search finds groups.",
    run: async (target) => {
      const { cast } = target;
      const filter = groupsOfTheCast(cast);
      const response = await search(target, { filter }, "/Groups");
      expectSameSet(response, "the groups", idsOf(response), [cast.group(1).id, cast.group(2).id]);
    },
    faults: ["a search that answers as if it had created something", "a search whose filter is overlooked"],
  },
  "search-at-the-root-finds-both": {
    title: "POST /.search finds people and groups together, each with its resource type.",
    run: async (target) => {
      const { cast } = target;
      const [person, group] = [cast.person(1), cast.group(1)];
      const filter = `id eq ${JSON.stringify(person.id)} or id eq ${JSON.stringify(group.id)}`;
      const response = await search(target, { filter }, "");
      expectSameSet(response, "the resources", idsOf(response), [person.id, group.id]);
      const types = resourcesOf(response).map((resource) => String(at(resource, "meta.resourceType")));
      expectSameSet(response, "the resource types", types, ["User", "Group"]);
    },
    faults: [
      "a search whose filter is overlooked",
      "a search at the root that finds people only",
      "a search at the root that does not say what it has found",
    ],
  },
  "search-takes-attributes": {
    title: "attributes in a search is an array of names.",
    run: async (target) => {
      const response = await searchCast(target, { attributes: ["userName", "active"] });
      expectSame(response, "so many people", resourcesOf(response).length, 5);
      for (const resource of resourcesOf(response)) {
        const names = Object.keys(resource).filter((name) => name !== "schemas");
        expectSameSet(response, "the attributes", names, ["id", "userName", "active"]);
      }
    },
    faults: ["a search whose projection is overlooked"],
  },
  "search-takes-excluded-attributes": {
    title: "excludedAttributes in a search is an array of names.",
    run: async (target) => {
      const response = await searchCast(target, { excludedAttributes: ["displayName", "name"] });
      for (const resource of resourcesOf(response).filter(isObject)) {
        const isNarrowed = resource["name"] === undefined && resource["displayName"] === undefined;
        expectThat(response, isNarrowed && resource["userName"] !== undefined, "should leave out name and displayName");
      }
    },
    faults: ["a search whose projection is overlooked"],
  },
  "search-pages": {
    title: "startIndex and count in a search are integers, and mean what they mean in a query.",
    run: async (target) => {
      const response = await searchCast(target, { startIndex: 5, count: 3 });
      expectPage(foundIn(target, response), 1, 5);
    },
    faults: ["a search whose page is overlooked"],
  },
  "search-counts-only": {
    title: "count 0 in a search answers totalResults and no resources.",
    run: async (target) => {
      const response = await searchCast(target, { count: 0 });
      expectMember(response, "totalResults", 5);
      expectSame(response, "no resources", resourcesOf(response), []);
    },
    faults: ["a search whose count is overlooked"],
  },
  "search-sorts": {
    title: "sortBy and sortOrder in a search sort as in a query.",
    run: async (target) => {
      const response = await searchCast(target, { sortBy: "name.familyName", sortOrder: "descending" });
      expectSame(response, "the people in the order", foundIn(target, response).numbers, [5, 3, 4, 1, 2]);
    },
    faults: ["a search whose order is overlooked"],
  },
  "search-invalid-filter-is-400": {
    clause: "RFC 7644 section 3.12",
    title: "A filter in a search that cannot be read is 400 invalidFilter.",
    run: async (target) => expectError(await search(target, { filter: "userName eq" }), 400, "invalidFilter"),
    faults: ["a filter that is refused without saying what is wrong", "a search whose filter is overlooked"],
  },
  "search-broken-json-is-400": {
    clause: "RFC 7644 section 3.12",
    title: "A search whose body is no JSON is 400 invalidSyntax.",
    run: async (target) => expectError(await target.post("/Users/.search", "{"), 400, "invalidSyntax"),
    faults: ["broken JSON that is called an invalid value"],
  },
});
