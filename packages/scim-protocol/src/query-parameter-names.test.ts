import { describe, expect, test } from "vitest";
import { parameterNames, problemOfParameter } from "./query-parameter-names.ts";

// An ignored misspelled filter would list everyone, but providers add parameters of their own.
describe("the parameter that a name was meant to be", () => {
  test.each([
    ["Filter", "filter"],
    ["FILTER", "filter"],
    ["filters", "filter"],
    ["fliter", "filter"],
    ["filtre", "filter"],
    ["filte", "filter"],
    ["start_index", "startIndex"],
    ["startindex", "startIndex"],
    ["start-index", "startIndex"],
    ["StartIndex", "startIndex"],
    ["sort_by", "sortBy"],
    ["sortby", "sortBy"],
    ["sort.order", "sortOrder"],
    ["counts", "count"],
    ["Count", "count"],
    ["cursors", "cursor"],
    ["attribute", "attributes"],
    ["excluded_attributes", "excludedAttributes"],
    ["excludedAttribute", "excludedAttributes"],
    [" filter", "filter"],
    ["filter[]", "filter"],
  ])("%s: %s", (name, known) =>
    expect(problemOfParameter(name)).toMatchObject({
      status: 400,
      scimType: "invalidValue",
      detail: expect.stringMatching(new RegExp(`is ${known}\\.$`)),
    }),
  );

  test.each([
    ...parameterNames,
    "aadOptscim062020",
    "domain",
    "api-version",
    "page",
    "limit",
    "sort",
    "discount",
    "account",
    "x",
    "",
    "__proto__",
    "f".repeat(60_000),
  ])("%s: none", (name) => expect(problemOfParameter(name)).toBeUndefined());
});
