import { expect, test } from "vitest";
import { requestOperation, describeRequest } from "./request-operation.ts";

test.each([
  ["GET", "/scim_v2/Users?filter=x", "Users", "Look people up"],
  ["GET", "/scim/v2/Users/1", "Users", "Read a person"],
  ["POST", "/scim_v2/Users", "Users", "Add a person"],
  ["POST", "/scim_v2/Users/.search", "Users", "Look people up"],
  ["POST", "/scim_v2/.search", "Other", "Look people and groups up"],
  ["PATCH", "/scim_v2/Groups/1", "Groups", "Change a group"],
  ["DELETE", "/scim_v2/Groups/1?x=/Users", "Groups", "Remove a group"],
  ["PUT", "/scim_v2/Users/1", "Users", "Replace a person"],
  ["POST", "/scim_v2/Bulk", "Bulk", "Many operations at once"],
  ["GET", "/scim_v2/ServiceProviderConfig", "Discovery", "Ask what the service can do"],
  ["GET", "/scim_v2/Nowhere", "Other", "Something that SCIM does not know"],
  ["BREW", "/scim_v2/Users", "Users", "Something that SCIM does not know"],
])("%s %s", (method, address, resource, words) => {
  expect(requestOperation(address).resource).toBe(resource);
  expect(describeRequest(method, address)).toBe(words);
});
