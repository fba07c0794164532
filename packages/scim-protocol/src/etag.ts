import { badRequest, type ScimError } from "./error.ts";
import { err, ok, type Result } from "./result.ts";

/** The opaque parts of the entity-tags of a header, or `any` for `*`. */
type TagList = "any" | readonly string[];

/** The preconditions of one request on the version of its resource. Undefined: none. */
export type Preconditions = {
  readonly ifMatch: TagList | undefined;
  readonly ifNoneMatch: TagList | undefined;
  /** For GET and HEAD, which return 304 where a write returns 412. */
  readonly isRead: boolean;
};

/** The headers as sent, with the method. */
type ConditionalRequest = {
  readonly method: string;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
};

/**
 * Makes the weak entity-tag that is both `meta.version` and the ETag header (RFC 7643 section 3.1, RFC 7644 section
 * 3.14). `opaque` has visible ASCII characters only and no double quote.
 */
export function weakTag(opaque: string): string {
  return `W/"${opaque}"`;
}

/**
 * Reads If-Match and If-None-Match (RFC 9110 section 13.1). Errors: 400 invalidSyntax if one of them is neither `*` nor
 * a list of entity-tags, as a write without its precondition may overwrite unseen changes. On a read such an
 * If-None-Match is ignored, as the whole response is correct in any case.
 */
export function parsePreconditions(request: ConditionalRequest): Result<Preconditions, ScimError> {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const ifMatch = request.ifMatch === undefined ? undefined : parseTagList(request.ifMatch);
  const ifNoneMatch = request.ifNoneMatch === undefined ? undefined : parseTagList(request.ifNoneMatch);
  if (ifMatch === null) return err(unreadable("If-Match"));
  if (ifNoneMatch === null && !isRead) return err(unreadable("If-None-Match"));
  return ok({ ifMatch, ifNoneMatch: ifNoneMatch ?? undefined, isRead });
}

/** Is there any precondition on the version? */
export function isConditional({ ifMatch, ifNoneMatch }: Preconditions): boolean {
  return ifMatch !== undefined || ifNoneMatch !== undefined;
}

/**
 * Evaluates the preconditions for the current version of a resource, in the order of RFC 9110 section 13.2.2. Both
 * headers compare weakly: RFC 9110 requires strong comparison for If-Match, but RFC 7644 section 3.14 sends weak
 * entity-tags in it, which then could never match. Errors: 412.
 */
export function judgePreconditions(
  { ifMatch, ifNoneMatch, isRead }: Preconditions,
  version: string,
): Result<"proceed" | "notModified", ScimError> {
  if (ifMatch !== undefined && !isListed(ifMatch, version)) {
    const detail = `The resource has changed: its version is now ${version}, which If-Match does not name. Read it again and decide anew; nothing was changed.`;
    return err({ status: 412, detail });
  }
  if (ifNoneMatch === undefined || !isListed(ifNoneMatch, version)) return ok("proceed");
  if (isRead) return ok("notModified");
  return err({
    status: 412,
    detail: `The resource is there in the version ${version}, which If-None-Match excludes; nothing was changed.`,
  });
}

function isListed(tags: TagList, version: string): boolean {
  return tags === "any" || tags.includes(opaqueOf(version));
}

/** The part between the quotes, which weak comparison uses (RFC 9110 section 8.8.3.2). */
function opaqueOf(tag: string): string {
  return tag.slice(tag.indexOf('"') + 1, -1);
}

/** Null for an invalid header. Elements of a list may be empty (RFC 9110 section 5.6.1). */
function parseTagList(header: string): TagList | null {
  if (header.trim() === "*") return "any";
  const tags: string[] = [];
  let rest = header;
  while (rest !== "") {
    const match = listElement.exec(rest);
    if (match === null) return null;
    if (match[1] !== undefined) tags.push(match[1]);
    rest = rest.slice(match[0].length);
  }
  return tags;
}

/** One entity-tag or a comma, with surrounding spaces; two tags need a comma between them. */
const listElement = /^[ \t]*(?:,|(?:W\/)?"([!#-~\u0080-\u00ff]*)"[ \t]*(?:,|$)|$)/;

function unreadable(header: string): ScimError {
  const detail = `${header} must be * or a list of entity-tags such as W/"1", as the ETag header and meta.version show them.`;
  return badRequest("invalidSyntax", detail);
}
