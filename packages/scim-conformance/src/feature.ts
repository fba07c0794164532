import { expectStatus } from "./assertion.ts";
import type { Client } from "./http-client.ts";
import { at } from "./json.ts";

/**
 * Optional features that checks need. All but `search` are advertised in ServiceProviderConfig (RFC 7643 section 5;
 * cursor paging: RFC 9865 section 4); a request finds out about `search`.
 */
const advertised = [
  ["patch", "patch.supported"],
  ["bulk", "bulk.supported"],
  ["filter", "filter.supported"],
  ["sort", "sort.supported"],
  ["etag", "etag.supported"],
  ["cursor", "pagination.cursor"],
] as const;
export type Feature = (typeof advertised)[number][0] | "search";

export type Features = ReadonlySet<Feature>;

/** Finds out which features the service offers. Throws if ServiceProviderConfig cannot be read. */
export async function discoverFeatures(client: Client): Promise<Features> {
  const config = await client.send({ method: "GET", path: "/ServiceProviderConfig" });
  expectStatus(config, 200);
  const offered = new Set<Feature>();
  for (const [feature, path] of advertised) if (at(config.body, path) === true) offered.add(feature);
  const body = { schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], count: 0 };
  const search = await client.send({ method: "POST", path: "/Users/.search", body });
  if (!refusals.includes(search.status)) offered.add("search");
  return offered;
}

/** Statuses for a feature that a service does not offer: RFC 7644 section 3.4.3. */
const refusals: readonly number[] = [403, 404, 405, 501];
