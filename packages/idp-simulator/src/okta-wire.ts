import { z } from "zod";
import type { ResourceClient } from "./resource-client.ts";
import { email, type Located, type ResourceKind, unexpected, userShape } from "./response-check.ts";
import { filterBy, scimMediaType } from "./scim-wire.ts";

/** Okta requests this many resources per page, and increments `startIndex` by it after any page (O-REF). */
export const oktaPageSize = 100;

/**
 * The kind of the app in Okta: `header-auth` is the OIN "SCIM 2.0 Test App (Header Auth)" (bare token; PATCH for
 * (de)activation and groups, PUT for profiles), `wizard` the App Integration Wizard (`Bearer` token; PUT for
 * everything).
 */
export type OktaMode = "header-auth" | "wizard";

/**
 * The headers of every request (O-2019, CAP-FZ); a GET and a DELETE have no Content-Type. Source: docs/idp-wire.md, section
 * 2.
 */
export function oktaHeaders(mode: OktaMode, token: string, hasBody: boolean): Record<string, string> {
  return {
    Accept: scimMediaType,
    "Accept-Charset": "utf-8",
    "Accept-Encoding": "gzip,deflate",
    Authorization: mode === "wizard" ? `Bearer ${token}` : token,
    "User-Agent": "Okta SCIM Client 1.0.0",
    ...(hasBody ? { "Content-Type": `${scimMediaType}; charset=utf-8` } : {}),
  };
}

/** A User as required by Okta: with emails, of which exactly one is primary (O-FAQ). */
const oktaUserShape = userShape.extend({
  emails: z.array(email).refine((all) => all.filter((one) => one.primary === true).length === 1, "needs one primary"),
});
export type OktaUser = z.infer<typeof oktaUserShape>;
export const oktaUserKind: ResourceKind<OktaUser> = { name: "User", noun: "person", shape: oktaUserShape };

/** The query for the resource of this name, which Okta looks for before it creates one. */
export function matchQuery(attribute: "userName" | "displayName", value: string): string {
  return `?filter=${filterBy(attribute, value)}&startIndex=1&count=${oktaPageSize}`;
}
export const firstPage = { startIndex: 1, count: oktaPageSize };

const pagesMax = 1000;

/**
 * Reads a whole collection as Okta's import does: `startIndex` steps by 100 after any page. Returns the resources in
 * order. Errors: throws `UnexpectedResponse` if a resource comes twice, or after 1000 pages.
 */
export async function importAll<T extends Located>(client: ResourceClient<T>): Promise<T[]> {
  const resourcesById = new Map<string, T>();
  for (let pages = 1; ; pages += 1) {
    const startIndex = (pages - 1) * oktaPageSize + 1;
    const { response, page } = await readPage(client, startIndex, oktaPageSize);
    for (const resource of page.resources) {
      if (resourcesById.has(resource.id)) {
        throw unexpected(response, `repeats ${resource.id}, which an earlier page held.`);
      }
      resourcesById.set(resource.id, resource);
    }
    if (startIndex + oktaPageSize > page.totalResults) return [...resourcesById.values()];
    if (pages === pagesMax) throw unexpected(response, `has more than ${pagesMax} pages; the import ends here.`);
  }
}

/** The number of resources in the service, as the first page of this size reports it. */
export async function countAll<T extends Located>(client: ResourceClient<T>, pageSize: number): Promise<number> {
  return (await readPage(client, 1, pageSize)).page.totalResults;
}

function readPage<T extends Located>(client: ResourceClient<T>, startIndex: number, count: number) {
  return client.page(`?startIndex=${startIndex}&count=${count}`, { startIndex, count });
}
