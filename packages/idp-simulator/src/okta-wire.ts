import { scimMediaType } from "./scim-wire.ts";

/** Okta asks for this many resources a page, and moves `startIndex` on by as many whatever came (O-REF). */
export const oktaPageSize = 100;

/**
 * How the app in Okta was made: `header-auth` is the OIN "SCIM 2.0 Test App (Header Auth)" (bare token; PATCH for
 * (de)activation and groups, PUT for profiles), `wizard` the App Integration Wizard (`Bearer` token; PUT for everything).
 */
export type OktaMode = "header-auth" | "wizard";

/** The headers of every call (O-2019, CAP-FZ); a GET and a DELETE have no Content-Type. Source: docs/idp-wire.md, section 2. */
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

/** The query by which Okta looks for one resource before it makes one. */
export function matchQuery(attribute: "userName" | "displayName", value: string): string {
  const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`);
  return `?filter=${filter}&startIndex=1&count=${oktaPageSize}`;
}

export function pageQuery(startIndex: number, count: number): string {
  return `?startIndex=${startIndex}&count=${count}`;
}
