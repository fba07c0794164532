import { expectMember, expectSame, expectSameSet, idsOf, listSchema, resourcesOf } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at } from "../json.ts";
import type { Target } from "../target.ts";
import { expectSchema } from "./discovery.ts";
import { expectAttributes, expectWithout } from "./projection.ts";
import { expectPage, expectPeople, foundIn, groupsFilter, peopleFilter, queryPeople, quoted } from "./query-kinds.ts";
import { refuses } from "./write-kinds.ts";

const schemas = ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"];

function search(target: Target, input: object, path = "/Users"): Promise<ScimResponse> {
  return target.post(`${path}/.search`, { schemas, ...input });
}

/** Searches the five people. */
export function searchPeople(target: Target, input: object = {}): Promise<ScimResponse> {
  return search(target, { filter: peopleFilter(target), ...input });
}

const chapter: Chapter = { clause: "RFC 7644 section 3.4.3", needs: ["search"] };

/** Queries by POST. ServiceProviderConfig does not advertise them: `discoverFeatures` sends one to find out. */
export const searchChecks = checksOf(chapter, {
  "search-answers-a-list": check("POST /Users/.search is 200 with a ListResponse.")
    .run(async (target) => expectSchema(await searchPeople(target), listSchema))
    .faults("a search that is 201"),
  "search-finds-people": check("The filter of a search finds the same people as that of a query.")
    .run(async (target) => {
      const filter = peopleFilter(target, "active eq true");
      expectPeople(foundIn(target, await search(target, { filter })), [1, 2, 3, 5]);
    })
    .faults("a search that is 201", "a search whose filter is ignored"),
  "search-shows-the-same-as-a-query": check("A search returns the same as the query with the same parameters.")
    .run(async (target) => {
      const queried = await queryPeople(target, { startIndex: 2, count: 3 });
      const searched = await searchPeople(target, { startIndex: 2, count: 3 });
      expectSame(searched, "what the query answers", resourcesOf(searched), resourcesOf(queried.response));
      for (const name of ["totalResults", "startIndex", "itemsPerPage"])
        expectMember(searched, name, at(queried.response.body, name));
    })
    .faults("a search whose page is ignored", "a search that shows resources in part"),
  "search-finds-groups": check("POST /Groups/.search finds groups.")
    .run(async (target) => {
      const response = await search(target, { filter: groupsFilter(target) }, "/Groups");
      const ids = target.groups().map(({ id }) => id);
      expectSameSet(response, "the groups", idsOf(response), ids);
    })
    .faults("a search that is 201", "a search whose filter is ignored"),
  "search-at-the-root-finds-both": check("POST /.search finds people and groups together, each with its resource type.")
    .run(async (target) => {
      const [person, group] = [target.person(1), target.group(1)];
      const filter = `id eq ${quoted(person.id)} or id eq ${quoted(group.id)}`;
      const response = await search(target, { filter }, "");
      expectSameSet(response, "the resources", idsOf(response), [person.id, group.id]);
      const types = resourcesOf(response).map((resource) => String(at(resource, "meta.resourceType")));
      expectSameSet(response, "the resource types", types, ["User", "Group"]);
    })
    .faults(
      "a search whose filter is ignored",
      "a search at the root that finds people only",
      "a search at the root without resource types",
    ),
  "search-takes-attributes": check("attributes in a search is an array of names.")
    .run(async (target) => {
      const response = await searchPeople(target, { attributes: ["userName", "active"] });
      expectSame(response, "this number of people:", resourcesOf(response).length, 5);
      for (const resource of resourcesOf(response)) expectAttributes(response, resource, ["userName", "active"]);
    })
    .faults("a search whose projection is ignored"),
  "search-takes-excluded-attributes": check("excludedAttributes in a search is an array of names.")
    .run(async (target) => {
      const response = await searchPeople(target, { excludedAttributes: ["displayName", "name"] });
      for (const resource of resourcesOf(response))
        for (const name of ["displayName", "name"]) expectWithout(response, resource, name, "userName");
    })
    .faults("a search whose projection is ignored"),
  "search-pages": check("startIndex and count in a search are integers, and mean what they mean in a query.")
    .run(async (target) => {
      expectPage(foundIn(target, await searchPeople(target, { startIndex: 5, count: 3 })), 1, 5);
    })
    .faults("a search whose page is ignored"),
  "search-counts-only": check("count 0 in a search returns totalResults and no resources.")
    .run(async (target) => {
      expectPage(foundIn(target, await searchPeople(target, { count: 0 })), 0);
    })
    .faults("a search whose count is ignored"),
  "search-sorts": check("sortBy and sortOrder in a search sort as in a query.")
    .run(async (target) => {
      const response = await searchPeople(target, { sortBy: "name.familyName", sortOrder: "descending" });
      expectSame(response, "the people in this order", foundIn(target, response).numbers, [5, 3, 4, 1, 2]);
    })
    .faults("a search whose order is ignored"),
  "search-invalid-filter-is-400": check("An invalid filter in a search is 400 invalidFilter.")
    .clause("RFC 7644 section 3.12")
    .run(refuses([400, "invalidFilter"], (target) => search(target, { filter: "userName eq" })))
    .faults("a filter that is refused without a scimType", "a search whose filter is ignored"),
  "search-broken-json-is-400": check("A search whose body is not valid JSON is 400 invalidSyntax.")
    .clause("RFC 7644 section 3.12")
    .run(refuses([400, "invalidSyntax"], (target) => target.post("/Users/.search", "{")))
    .faults("invalid JSON that is invalidValue"),
});
