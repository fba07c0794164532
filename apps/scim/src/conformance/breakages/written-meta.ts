import type { Breakage } from "../breakage.ts";
import { anotherInstant, anyEndpoint, anyResource, showing, withMeta } from "../broken-write.ts";

const moving = [
  ["meta-moves-with-put", "meta-moves-with-patch", "meta-moves-with-name-part", "meta-moves-with-group-name"],
  ["meta-moves-with-added-member", "meta-moves-with-removed-member"],
].flat();

/** A `meta` that says something else than what was done. */
export const writtenMetaBreakages: readonly Breakage[] = [
  {
    checks: ["meta-of-new-resource"],
    title: "a new resource that was modified before it was created",
    ...showing("POST", anyEndpoint, (group) => withMeta(group, { lastModified: "2001-01-01T00:00:00Z" })),
  },
  {
    checks: ["meta-of-new-resource"],
    title: "a created in another form",
    ...showing("POST", anyEndpoint, (group) => {
      const today = new Date().toUTCString();
      return withMeta(group, { created: today, lastModified: today });
    }),
  },
  {
    checks: ["meta-of-new-resource"],
    title: "a created of long ago",
    ...showing("POST", anyEndpoint, (group) =>
      withMeta(group, { created: "2001-01-01T00:00:00Z", lastModified: "2001-01-01T00:00:00Z" }),
    ),
  },
  {
    checks: ["meta-resource-type-of-written"],
    title: "a resourceType in lower case",
    ...showing("POST", anyEndpoint, (group) => withMeta(group, { resourceType: "group" })),
  },
  {
    checks: ["meta-resource-type-of-written"],
    title: "a resourceType that is the endpoint",
    ...showing("PUT", anyResource, (user) => withMeta(user, { resourceType: "Users" })),
  },
  {
    checks: moving,
    title: "a lastModified that nothing moves",
    ...showing("GET", anyResource, (resource) => withMeta(resource, { lastModified: "2026-01-01T00:00:00Z" })),
  },
  {
    checks: moving,
    title: "a created that moves along with lastModified",
    ...showing("GET", anyResource, (resource) => withMeta(resource, { created: anotherInstant() })),
  },
  {
    checks: ["meta-stays-when-refused"],
    title: "a lastModified that a refused write moves",
    ...showing("GET", anyResource, (resource) => withMeta(resource, { lastModified: anotherInstant() })),
  },
  {
    checks: ["meta-location-stays"],
    title: "an address that changes with the name",
    ...showing("GET", anyResource, (resource) => withMeta(resource, { location: String(resource["displayName"]) })),
  },
];
