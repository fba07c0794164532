import { ERROR } from "./schema/schema-uris.ts";

/** The detail error keywords of RFC 7644 section 3.12, table 9. */
export const errorKeywords = [
  "invalidFilter",
  "tooMany",
  "uniqueness",
  "mutability",
  "invalidSyntax",
  "invalidPath",
  "noTarget",
  "invalidValue",
  "invalidVers",
  "sensitive",
] as const;
/** Error keywords for paging by cursor, of RFC 9865 section 2.1. */
export const cursorErrorKeywords = ["invalidCursor", "expiredCursor", "invalidCount"] as const;
export type ScimType = (typeof errorKeywords)[number] | (typeof cursorErrorKeywords)[number];

/** A SCIM error. `status` is the HTTP status; `detail` is a sentence for the administrator of the client. */
export type ScimError = { readonly status: number; readonly scimType?: ScimType; readonly detail: string };

/** The JSON body of an error response. `status` is a string on the wire. */
export type ErrorBody = {
  readonly schemas: readonly [typeof ERROR];
  readonly status: string;
  readonly scimType?: ScimType;
  readonly detail: string;
};

/** Prints an error as the body of RFC 7644 section 3.12. */
export function errorBody(error: ScimError): ErrorBody {
  return {
    schemas: [ERROR],
    status: String(error.status),
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail: error.detail,
  };
}

/** A 400 with one of the keywords. */
export function badRequest(scimType: ScimType, detail: string): ScimError {
  return { status: 400, scimType, detail };
}

/**
 * Quotes a part of the request for a detail: at most 100 characters, without those that a log or a database may refuse.
 */
export function quote(text: string): string {
  const characters = Array.from(text.slice(0, 400));
  const shown = characters.length > 100 ? `${characters.slice(0, 100).join("")}…` : characters.join("");
  return `"${shown.replace(/\p{Surrogate}|\p{Cc}/gu, "\uFFFD")}"`;
}
