import { describe, expect, test } from "vitest";
import { bulkOperationsMax, bulkPayloadSizeMax } from "./bulk/bulk-request.ts";
import { isJsonObject } from "./json-object.ts";
import { pageSizeMax } from "./paging.ts";
import { GROUP_SCHEMA, LIST_RESPONSE, USER_SCHEMA } from "./schema/schema-uris.ts";
import { resourceTypeById, resourceTypes, schemaById, schemas, serviceProviderConfig } from "./discovery.ts";

const options = { baseUrl: "https://scim.example/scim_v2" };

// AR-28
test("the service tells the truth about itself", () => {
  expect(serviceProviderConfig(options)).toMatchObject({
    patch: { supported: true },
    bulk: { supported: true, maxOperations: bulkOperationsMax, maxPayloadSize: bulkPayloadSizeMax },
    filter: { supported: true, maxResults: pageSizeMax },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: { index: true, cursor: true, cursorTimeout: 3600 },
    authenticationSchemes: [{ type: "oauthbearertoken" }],
    meta: { location: "https://scim.example/scim_v2/ServiceProviderConfig" },
  });
});

test("resource types and schemas are lists, and each can be asked for alone", () => {
  for (const list of [resourceTypes(options), schemas(options)]) {
    expect(list).toMatchObject({ schemas: [LIST_RESPONSE], totalResults: 2, itemsPerPage: 2, startIndex: 1 });
  }
  expect(resourceTypes(options).Resources).toEqual([
    resourceTypeById("User", options),
    resourceTypeById("Group", options),
  ]);
  expect(schemas(options).Resources).toEqual([
    schemaById(USER_SCHEMA, options),
    schemaById(GROUP_SCHEMA.toUpperCase(), options),
  ]);
  expect(resourceTypeById("User", options)).toMatchObject({
    endpoint: "/Users",
    schema: USER_SCHEMA,
    meta: { location: "https://scim.example/scim_v2/ResourceTypes/User" },
  });
  expect(resourceTypeById("Device", options)).toBeUndefined();
  expect(schemaById("urn:x:y", options)).toBeUndefined();
});

describe("what Entra insists on", () => {
  const documents: unknown[] = [serviceProviderConfig(options), resourceTypes(options), schemas(options)];

  test("there is no null, and nothing that JSON cannot carry", () => {
    expect(JSON.parse(JSON.stringify(documents))).toEqual(documents);
    expect(JSON.stringify(documents)).not.toContain("null");
    expect(JSON.stringify(documents)).not.toContain("derived");
  });

  test("every attribute has all the characteristics of RFC 7643 section 7", () => {
    const characteristics = "name type multiValued description required caseExact mutability returned uniqueness".split(
      " ",
    );
    const printed = schemas(options).Resources.flatMap((schema) => attributesIn(schema["attributes"]));
    expect(printed.length).toBeGreaterThan(15);
    for (const attribute of printed) {
      expect(Object.keys(attribute)).toEqual(expect.arrayContaining(characteristics));
    }
    expect(printed.find(({ name }) => name === "userName")).toMatchObject({
      required: true,
      caseExact: false,
      uniqueness: "server",
    });
  });

  test("RFC 7643 section 8.7.1: what says who a member is, is immutable", () => {
    const printed = attributesIn(schemaById(GROUP_SCHEMA, options)?.["attributes"]);
    const immutable = printed.filter(({ mutability }) => mutability === "immutable").map(({ name }) => name);
    expect(immutable).toEqual(["value", "$ref", "type"]);
    expect(JSON.stringify(printed)).not.toContain("input");
  });
});

function attributesIn(value: unknown): { readonly [key: string]: unknown }[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isJsonObject).flatMap((attribute) => [attribute, ...attributesIn(attribute["subAttributes"])]);
}
