/** The kinds of addresses that the SCIM service has, for filters and words. `Other` is everything that is none of them. */
export const callResources = ["Users", "Groups", "Bulk", "Discovery", "Other"] as const;
export type CallResource = (typeof callResources)[number];

export const callMethods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What a call was about, as far as its first line says: the resource, its id or "", and whether it is a search by POST. */
export type CallOperation = { readonly resource: CallResource; readonly id: string; readonly isSearch: boolean };

const discovery = new Set(["serviceproviderconfig", "schemas", "resourcetypes"]);
const resourceByName = new Map<string, CallResource>([
  ["users", "Users"],
  ["groups", "Groups"],
  ["bulk", "Bulk"],
]);

/** Reads the path of a call, its base path (`/scim_v2` or `/scim/v2`) and query included. */
export function operationOf(address: string): CallOperation {
  const path = (address.split("?")[0] ?? "").replace(/^\/scim(?:_v2|\/v2)/i, "");
  const [, name = "", rest = ""] = path.split("/");
  const isSearch = name === ".search" || rest === ".search";
  if (discovery.has(name.toLowerCase())) return { resource: "Discovery", id: rest, isSearch };
  const resource = resourceByName.get(name.toLowerCase()) ?? "Other";
  return { resource, id: isSearch ? "" : rest, isSearch };
}

/** What a call wanted, in plain words without SCIM's own: "Look people up". */
export function wordsOfCall(method: string, address: string): string {
  const { resource, id, isSearch } = operationOf(address);
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
