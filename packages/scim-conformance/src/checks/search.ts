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
import type { Check } from "../check.ts";
import type { Answer } from "../http-client.ts";
import { at, isObject } from "../json.ts";
import type { Target } from "../target.ts";
import { expectSchema } from "./discovery.ts";
import { castFound, expectPeople, foundIn, ofTheCast } from "./people-found.ts";

const clause = "RFC 7644 section 3.4.3";
const schemas = ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"];

function search(target: Target, wish: object, path = "/Users"): Promise<Answer> {
  return target.post(`${path}/.search`, { schemas, ...wish });
}

function searchCast(target: Target, wish: object = {}): Promise<Answer> {
  return search(target, { filter: ofTheCast(target.cast), ...wish });
}

/** Queries by POST. Whether a service has them is advertised nowhere, so that one call has found it out. */
export const searchChecks: readonly Check[] = [
  {
    id: "search-answers-a-list",
    clause,
    title: "POST /Users/.search answers 200 with a ListResponse.",
    needs: "search",
    run: async (target) => expectSchema(await searchCast(target), listSchema),
  },
  {
    id: "search-finds-people",
    clause,
    title: "The filter of a search finds the same people as that of a query.",
    needs: "search",
    run: async (target) => {
      const filter = ofTheCast(target.cast, "active eq true");
      expectPeople(foundIn(target, await search(target, { filter })), [1, 2, 3, 5]);
    },
  },
  {
    id: "search-shows-the-same-as-a-query",
    clause,
    title: "A search answers what the query with the same parameters answers.",
    needs: "search",
    run: async (target) => {
      const queried = await castFound(target, { startIndex: 2, count: 3 });
      const searched = await searchCast(target, { startIndex: 2, count: 3 });
      expectSame(searched, "what the query answers", resourcesOf(searched), resourcesOf(queried.answer));
      for (const name of ["totalResults", "startIndex", "itemsPerPage"])
        expectMember(searched, name, at(queried.answer.body, name));
    },
  },
  {
    id: "search-finds-groups",
    clause,
    title: "POST /Groups/.search finds groups.",
    needs: "search",
    run: async (target) => {
      const { cast } = target;
      const filter = `displayName sw ${JSON.stringify(`${cast.label}-`)}`;
      const answer = await search(target, { filter }, "/Groups");
      expectSameSet(answer, "the groups", idsOf(answer), [cast.group(1).id, cast.group(2).id]);
    },
  },
  {
    id: "search-at-the-root-finds-both",
    clause,
    title: "POST /.search finds people and groups together, each with its resource type.",
    needs: "search",
    run: async (target) => {
      const { cast } = target;
      const [person, group] = [cast.person(1), cast.group(1)];
      const filter = `id eq ${JSON.stringify(person.id)} or id eq ${JSON.stringify(group.id)}`;
      const answer = await search(target, { filter }, "");
      expectSameSet(answer, "the resources", idsOf(answer), [person.id, group.id]);
      const types = resourcesOf(answer).map((resource) => String(at(resource, "meta.resourceType")));
      expectSameSet(answer, "the resource types", types, ["User", "Group"]);
    },
  },
  {
    id: "search-takes-attributes",
    clause,
    title: "attributes in a search is an array of names.",
    needs: "search",
    run: async (target) => {
      const answer = await searchCast(target, { attributes: ["userName", "active"] });
      expectSame(answer, "so many people", resourcesOf(answer).length, 5);
      for (const resource of resourcesOf(answer)) {
        const names = Object.keys(resource).filter((name) => name !== "schemas");
        expectSameSet(answer, "the attributes", names, ["id", "userName", "active"]);
      }
    },
  },
  {
    id: "search-takes-excluded-attributes",
    clause,
    title: "excludedAttributes in a search is an array of names.",
    needs: "search",
    run: async (target) => {
      const answer = await searchCast(target, { excludedAttributes: ["displayName", "name"] });
      for (const resource of resourcesOf(answer).filter(isObject)) {
        const isNarrowed = resource["name"] === undefined && resource["displayName"] === undefined;
        expectThat(answer, isNarrowed && resource["userName"] !== undefined, "should leave out name and displayName");
      }
    },
  },
  {
    id: "search-pages",
    clause,
    title: "startIndex and count in a search are integers, and mean what they mean in a query.",
    needs: "search",
    run: async (target) => {
      const answer = await searchCast(target, { startIndex: 5, count: 3 });
      expectSame(answer, "on the page so many people", resourcesOf(answer).length, 1);
      expectMember(answer, "totalResults", 5);
      expectMember(answer, "startIndex", 5);
    },
  },
  {
    id: "search-counts-only",
    clause,
    title: "count 0 in a search answers totalResults and no resources.",
    needs: "search",
    run: async (target) => {
      const answer = await searchCast(target, { count: 0 });
      expectMember(answer, "totalResults", 5);
      expectSame(answer, "no resources", resourcesOf(answer), []);
    },
  },
  {
    id: "search-sorts",
    clause,
    title: "sortBy and sortOrder in a search sort as in a query.",
    needs: "search",
    run: async (target) => {
      const answer = await searchCast(target, { sortBy: "name.familyName", sortOrder: "descending" });
      expectSame(answer, "the people in the order", foundIn(target, answer).numbers, [5, 3, 4, 1, 2]);
    },
  },
  {
    id: "search-invalid-filter-is-400",
    clause: "RFC 7644 section 3.12",
    title: "A filter in a search that cannot be read is 400 invalidFilter.",
    needs: "search",
    run: async (target) => expectError(await search(target, { filter: "userName eq" }), 400, "invalidFilter"),
  },
  {
    id: "search-broken-json-is-400",
    clause: "RFC 7644 section 3.12",
    title: "A search whose body is no JSON is 400 invalidSyntax.",
    needs: "search",
    run: async (target) => expectError(await target.post("/Users/.search", "{"), 400, "invalidSyntax"),
  },
];
