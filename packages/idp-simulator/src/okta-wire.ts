import { scimMediaType } from "./scim-wire.ts";

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

/** The query for one resource before it is created. */
export function matchQuery(attribute: "userName" | "displayName", value: string): string {
  const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`);
  return `?filter=${filter}&startIndex=1&count=${oktaPageSize}`;
}

export function pageQuery(startIndex: number, count: number): string {
  return `?startIndex=${startIndex}&count=${count}`;
}
