/** The resources of the SCIM service, for filters and labels. `Other` is any other address. */
export const requestResources = ["Users", "Groups", "Bulk", "Discovery", "Other"] as const;
export type RequestResource = (typeof requestResources)[number];

export const requestMethods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What a request line says: the resource, its id or "", and whether it is a search by POST. */
export type RequestOperation = { readonly resource: RequestResource; readonly id: string; readonly isSearch: boolean };

const discovery = new Set(["serviceproviderconfig", "schemas", "resourcetypes"]);
const resourceByName = new Map<string, RequestResource>([
  ["users", "Users"],
  ["groups", "Groups"],
  ["bulk", "Bulk"],
]);

/** Parses the path of a request, with its base path (`/scim_v2` or `/scim/v2`) and query. */
export function requestOperation(address: string): RequestOperation {
  const path = (address.split("?")[0] ?? "").replace(/^\/scim(?:_v2|\/v2)/i, "");
  const [, name = "", rest = ""] = path.split("/");
  const isSearch = name === ".search" || rest === ".search";
  if (discovery.has(name.toLowerCase())) return { resource: "Discovery", id: rest, isSearch };
  const resource = resourceByName.get(name.toLowerCase()) ?? "Other";
  return { resource, id: isSearch ? "" : rest, isSearch };
}

/** Describes a request without SCIM's terms, such as "Look people up". */
export function describeRequest(method: string, address: string): string {
  const { resource, id, isSearch } = requestOperation(address);
  if (resource === "Discovery") return "Ask what the service can do";
  if (resource === "Bulk") return "Many operations at once";
  if (resource === "Other") return isSearch ? "Look people and groups up" : "Something that SCIM does not know";
  const [one, many] = resource === "Users" ? ["a person", "people"] : ["a group", "groups"];
  if (isSearch) return `Look ${many} up`;
  switch (method) {
    case "GET":
      return id === "" ? `Look ${many} up` : `Read ${one}`;
    case "POST":
      return `Add ${one}`;
    case "PUT":
      return `Replace ${one}`;
    case "PATCH":
      return `Change ${one}`;
    case "DELETE":
      return `Remove ${one}`;
    default:
      return "Something that SCIM does not know";
  }
}
